/** What people, other apps and Meta can be told to do. */
import { z } from 'zod'

import { digits, waitMs } from './requests.ts'

const referral = z.strictObject({
  ref: z.string(),
  source: z.string().optional(),
  type: z.string().optional(),
  adId: z.string().optional(),
  refererUri: z.string().optional(),
  isGuestUser: z.boolean().optional(),
})

const mid = z.string().min(1)
const members = z.record(z.string(), z.unknown())

const messageKinds = [
  z.strictObject({
    kind: z.literal('message'),
    text: z.string().optional(),
    quickReplyPayload: z.string().optional(),
    replyToMid: mid.optional(),
    attachments: z.array(members).max(30).optional(),
    isUnsupported: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('unsend'), mid }),
  z.strictObject({
    kind: z.literal('edit'),
    mid,
    text: z.string(),
    edits: z.int().min(1).default(1),
  }),
  z.strictObject({
    kind: z.literal('postback'),
    title: z.string(),
    payload: z.string(),
    referral: referral.optional(),
  }),
  z.strictObject({
    kind: z.literal('reaction'),
    mid,
    reaction: z.string().default('love'),
    emoji: z.string().default('❤'),
    action: z.enum(['react', 'unreact']).default('react'),
  }),
  z.strictObject({ kind: z.literal('read'), watermarkMs: z.int().min(0).optional() }),
  z.strictObject({
    kind: z.literal('delivery'),
    mids: z.array(z.string()).default([]),
    watermarkMs: z.int().min(0).optional(),
  }),
] as const

const optInKinds = [
  z.strictObject({ kind: z.literal('referral'), referral }),
  z.strictObject({ kind: z.literal('plugin-opt-in'), ref: z.string() }),
  z.strictObject({
    kind: z.literal('checkbox-opt-in'),
    userRef: z.string(),
    ref: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('request-accepted'), ref: z.string().optional() }),
  z.strictObject({
    kind: z.literal('recurring-opt-in'),
    payload: z.string(),
    token: z.string().min(1),
    title: z.string().optional(),
    timezone: z.string().optional(),
    frequency: z.enum(['DAILY', 'WEEKLY', 'MONTHLY']).optional(),
    expiresAtMs: z.int().min(0).optional(),
    renewed: z.boolean().optional(),
    status: z.string().optional(),
  }),
] as const

const otherKinds = [
  z.strictObject({ kind: z.literal('link-account'), authorizationCode: z.string() }),
  z.strictObject({ kind: z.literal('unlink-account') }),
  z.strictObject({ kind: z.literal('survey'), screens: z.array(members) }),
  z.strictObject({ kind: z.literal('rate-response'), mid, feedback: z.string() }),
  z.strictObject({
    kind: z.literal('other'),
    field: z.string().min(1),
    member: z.string().min(1),
    value: z.unknown(),
  }),
] as const

/** What changes the thread as a whole; the app is told of none of it. */
const threadKinds = [
  z.strictObject({ kind: z.enum(['block', 'unblock', 'stop', 'resume', 'delete-chat']) }),
] as const

export const actSchema = z.strictObject({
  pageId: digits,
  psid: digits,
  act: z.discriminatedUnion('kind', [
    ...messageKinds,
    ...optInKinds,
    ...otherKinds,
    ...threadKinds,
  ]),
  timestampMs: z.int().min(0).optional(),
  waitMs,
})

const appId = z.string().regex(/^\d{1,16}$/, 'must be a text of 1 to 16 digits')
const metadata = z.string().optional()

const pageEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['pass-thread-control', 'take-thread-control']),
    previousOwnerAppId: appId.nullable().default(null),
    newOwnerAppId: appId,
    metadata,
  }),
  z.strictObject({
    kind: z.literal('request-thread-control'),
    requestedOwnerAppId: appId,
    metadata,
  }),
  z.strictObject({
    kind: z.literal('app-roles'),
    roles: z.record(z.string(), z.array(z.string())),
  }),
  z.strictObject({
    kind: z.literal('policy-enforcement'),
    action: z.enum(['warning', 'block', 'unblock']),
    reason: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('echo'),
    text: z.string(),
    /** The page inbox when absent. */
    appId: appId.default('263902037430900'),
    metadata,
  }),
  z.strictObject({ kind: z.literal('change'), field: z.string().min(1), value: z.unknown() }),
])

export const pageEventSchema = z.strictObject({
  pageId: digits,
  /** The thread it happens in; the page as a whole when absent. */
  psid: digits.optional(),
  event: pageEvent,
  timestampMs: z.int().min(0).optional(),
  waitMs,
})
