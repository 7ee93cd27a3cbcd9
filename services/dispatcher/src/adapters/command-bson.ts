/**
 * Between a command's document and BSON. Instants are numbers in code and dates in MongoDB; what
 * guards and indexes look at (state, attempt, holds, owed) is written beside the command it follows
 * from, by this file alone.
 */
import { askedBy } from '../domain/asking.ts'
import { type CampaignKey, campaignKey } from '../domain/campaign.ts'
import { type Command, lastAttempt, stateOf, waitOf } from '../domain/command.ts'
import {
  type Change,
  type CommandDocument,
  isOwed,
  isUnderWay,
  type StoredCommand,
  tokenKept,
} from '../domain/document.ts'
import { doubtSince } from '../domain/doubt.ts'

/** A document as MongoDB holds it. */
export interface CommandRecord {
  /** `pageId:commandId` */
  readonly _id: string
  readonly revision: number
  /** Who wrote the revision: one change of one process. */
  readonly writer: string
  readonly pageId: string
  readonly digest: string
  readonly state: string
  readonly attempt: number
  /** Reason of the wait that counts now; for metrics. */
  readonly waitingFor: string | null
  /** Since when the verdict is in doubt, business clock; null where it is not. */
  readonly inDoubtAt?: Date | null
  /** Of a request: whom it asked, or may have; absent where nobody was. */
  readonly asked?: {
    readonly person: string
    readonly topic: string
    readonly titleDigest?: string | null
    readonly at: Date
  }
  /** Of a notification of a campaign: which one, among those of all pages; absent = of none. */
  readonly campaign?: string | null
  /** The token, or leave to ask, kept from all others; unique. Absent where none is. */
  readonly holds?: string
  /** Present while something is left to do. */
  readonly owed?: true
  /** Present while that is something else than a new call: a page that may not send holds none. */
  readonly underWay?: true
  readonly command: object
  readonly content: object | null
  readonly facts: readonly object[]
  readonly unknown: readonly number[]
  readonly isProbing: boolean
  readonly isContested: boolean
  readonly cancel?: { readonly by: string | null } | null
  readonly lettingGo?: string | null
  readonly waits: number
  readonly worker: string | null
  readonly claimant?: string | null
  readonly deaths: number
  readonly dueAt: Date
  readonly giveUpAt: Date | null
  /** Nobody else takes it before, by the store's clock. */
  readonly leaseUntil: Date
  /** Who took the lease; absent once the lease was set by a change. */
  readonly taker?: string
  /** When the lease was taken, and when an attempt first became unknown, by the store's clock. */
  readonly takenAt?: Date
  readonly unknownSince?: Date | null
}

const INSTANT = /^at$|At$/
/** What a BSON date can hold; a stranger's instant may lie beyond. */
const INSTANT_MAX = 8.64e15

/** Fields to be set as they are: each is wrapped, so that a text like "$name" stays a text. */
export function literalFields(document: CommandDocument): Readonly<Record<string, unknown>> {
  const { command, content, facts, unknown, isProbing, isContested } = document
  const state = stateOf(command)
  const fields = {
    pageId: command.pageId,
    digest: command.digest,
    state,
    waitingFor: state === 'open' ? (waitOf(command)?.reason ?? null) : null,
    attempt: lastAttempt(command),
    inDoubtAt: doubtSince(command),
    command,
    content,
    facts,
    unknown,
    isProbing,
    isContested,
    cancel: document.cancel,
    lettingGo: document.lettingGo,
    waits: document.waits,
    worker: document.worker,
    claimant: document.claimant,
    deaths: document.deaths,
    dueAt: document.dueAt,
    giveUpAt: document.giveUpAt,
  }
  const literals = Object.entries(toBson(fields)).map(([name, value]) => [
    name,
    { $literal: value },
  ])
  const holds = tokenKept(document)
  const asked = askedBy(command)
  const campaign = campaignOf(command)
  return {
    ...Object.fromEntries(literals),
    holds: holds === null ? '$$REMOVE' : { $literal: holds },
    campaign: campaign === null ? '$$REMOVE' : { $literal: campaign },
    asked: asked === null ? '$$REMOVE' : { $literal: toBson(asked) },
    owed: isOwed(document) ? { $literal: true } : '$$REMOVE',
    underWay: isUnderWay(document) ? { $literal: true } : '$$REMOVE',
  }
}

function campaignOf({ pageId, campaignId }: Command): CampaignKey | null {
  return campaignId === null ? null : campaignKey(pageId, campaignId)
}

/** Fields that the store's own clock decides. */
export function clockFields(change: Change): Readonly<Record<string, unknown>> {
  const { leaseMs, beginsDoubt } = change
  return {
    ...(leaseMs === null ? {} : { leaseUntil: { $add: ['$$NOW', leaseMs] }, taker: '$$REMOVE' }),
    ...(beginsDoubt ? { unknownSince: '$$NOW' } : {}),
  }
}

/** Documents of an older build know notifications by token only. */
const BY_TOKEN = { route: 'TOKEN', asks: null, campaignId: null } as const
const WORDLESS = { titleDigest: null } as const
const UNSETTLED = { settledBy: null } as const
const UNSAID = { fbtraceId: null, detail: null } as const

export function storedCommand(record: CommandRecord): StoredCommand {
  const { _id: id, revision, takenAt, unknownSince } = record
  const doubtMs = takenAt && unknownSince ? takenAt.getTime() - unknownSince.getTime() : 0
  // Written by `literalFields` alone, whose input had this very type.
  const { command, content, facts, unknown, isProbing, isContested, ...rest } = fromBson(
    record,
  ) as unknown as CommandDocument
  const { cancel = null, lettingGo = null, waits, dueAt, giveUpAt } = rest
  // Documents of an older build have no such fields.
  const { worker = null, claimant = null, deaths = 0 } = record
  const { attempts, final } = command
  const told: Command = {
    ...BY_TOKEN,
    ...command,
    asks: command.asks ? { ...WORDLESS, ...command.asks } : null,
    attempts: attempts.map((attempt) => ({ ...UNSAID, ...attempt })),
    final: final && { ...UNSETTLED, ...final },
  }
  const doubts = { unknown, isProbing, isContested, cancel, lettingGo }
  const work = { ...doubts, waits, worker, claimant, deaths, dueAt, giveUpAt }
  const taken = { doubtMs: Math.max(0, doubtMs), isTaken: takenAt !== undefined }
  return { id, revision, ...taken, command: told, content, facts, ...work }
}

export function toBson(document: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(document).map(([name, value]) => [name, written(name, value)])
  return Object.fromEntries(members)
}

function written(name: string, value: unknown): unknown {
  if (typeof value === 'number' && INSTANT.test(name)) {
    return new Date(Math.max(-INSTANT_MAX, Math.min(INSTANT_MAX, value)))
  }
  if (Array.isArray(value)) return value.map((item) => written('', item))
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return toBson(value)
}

export function fromBson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map(fromBson)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fromBson(member)]))
}
