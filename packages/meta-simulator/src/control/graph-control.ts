/** What may be done to the Graph side: credentials, standings, owners, limits, deletion. */
import { appError } from '@otn/kernel'
import { type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import type { AccessToken } from '../domain/access-token.ts'
import type { Fact } from '../domain/facts.ts'
import type { AppSubscription } from '../domain/graph-state.ts'
import { threadOf } from '../domain/world.ts'
import { defaultLimitRules, type LimitRules } from '../limits/limit-rules.ts'
import type { Simulation } from '../simulation.ts'
import { signedRequest } from '../webhooks/signed-request.ts'
import {
  addressSchema,
  changeTokenSchema,
  deletionSchema,
  issueTokenSchema,
  limitsSchema,
  otherFollowersSchema,
  ownerSchema,
  standingSchema,
} from './graph-requests.ts'
import { parseInput } from './parse-input.ts'
import { refused } from './refused.ts'

/** What the callback for data deletion answered. */
export interface DeletionAnswer {
  readonly status: number
  readonly body: string
}

/** Which fields of which page the app is told of; null = every field. */
export interface Following {
  readonly app: AppSubscription | null
  readonly pages: readonly {
    readonly pageId: string
    readonly followed: boolean
    readonly fields: readonly string[] | null
  }[]
}

export interface GraphControl {
  /** A new page or user token. @throws OTN_HTTP_INVALID, OTN_HTTP_NOT_FOUND */
  issueAccessToken(input: z.input<typeof issueTokenSchema>): AccessToken
  /** Something happens to a token; each trouble has an answer of its own. */
  changeAccessToken(input: z.input<typeof changeTokenSchema>): void
  /** Meta restricts a page, or lets it go. @throws OTN_HTTP_NOT_FOUND */
  setStanding(input: z.input<typeof standingSchema>): void
  /** A thread has another owner. @throws OTN_HTTP_NOT_FOUND */
  setThreadOwner(input: z.input<typeof ownerSchema>): void
  /** A person can be addressed in another way. @throws OTN_HTTP_NOT_FOUND */
  addAddress(input: z.input<typeof addressSchema>): void
  following(): Following
  /** Other apps follow a page beside ours. @throws OTN_HTTP_NOT_FOUND */
  setOtherFollowers(input: z.input<typeof otherFollowersSchema>): void
  limits(): LimitRules | null
  /** Turns limits on with these figures, counted from nothing; null turns them off. */
  setLimits(input: z.input<typeof limitsSchema>): LimitRules | null
  /** Meta asks the app to delete a person. @throws OTN_HTTP_CONFLICT when nobody answers */
  requestDeletion(input: z.input<typeof deletionSchema>): Promise<DeletionAnswer>
}

export interface GraphWires {
  readonly dispatcher: Dispatcher
  readonly answerTimeoutMs: number
}

export function createGraphControl(simulation: Simulation, wires: GraphWires): GraphControl {
  const tell = (fact: Fact): void => simulation.tell([fact])
  return {
    issueAccessToken: (input) => issue(parseInput(issueTokenSchema, input), simulation),
    changeAccessToken: (input) =>
      tell({ type: 'AccessTokenChanged', ...parseInput(changeTokenSchema, input) }),
    setStanding: (input) => {
      const given = parseInput(standingSchema, input)
      if (!simulation.world.pages.has(given.pageId)) throw refused('page-unknown')
      tell({ type: 'PageStandingChanged', ...given })
    },
    setThreadOwner: (input) => {
      const { lifeMs, ...given } = parseInput(ownerSchema, input)
      checkThread(given, simulation)
      tell({ type: 'ThreadOwnerChanged', ...given, expiresAtMs: endOf(lifeMs, simulation) })
    },
    addAddress: (input) => {
      const given = parseInput(addressSchema, input)
      checkThread(given, simulation)
      tell({ type: 'AddressGiven', ...given, givenAtMs: simulation.clock.nowMs() })
    },
    following: () => followingOf(simulation),
    setOtherFollowers: (input) => {
      const given = parseInput(otherFollowersSchema, input)
      if (!simulation.world.pages.has(given.pageId)) throw refused('page-unknown')
      tell({ type: 'OtherAppsFollow', ...given })
    },
    limits: () => simulation.gate.rules,
    setLimits: (input) => {
      const given = parseInput(limitsSchema, input)
      simulation.gate.set(given === null ? null : rulesOf(given))
      return simulation.gate.rules
    },
    requestDeletion: async (input) =>
      requestDeletion(parseInput(deletionSchema, input), simulation, wires),
  }
}

function issue(
  { kind, pageId = '', pageIds, scopes, lifeMs }: z.output<typeof issueTokenSchema>,
  simulation: Simulation,
): AccessToken {
  if (kind === 'page' && !simulation.world.pages.has(pageId)) throw refused('page-unknown')
  const issued: AccessToken = {
    ...simulation.mint(),
    kind,
    pageId: kind === 'page' ? pageId : '',
    pageIds: pageIds ?? null,
    scopes,
    issuedAtMs: simulation.clock.nowMs(),
    expiresAtMs: endOf(lifeMs, simulation),
  }
  simulation.tell([{ type: 'AccessTokenIssued', issued }])
  return issued
}

function checkThread(
  { pageId, psid }: { readonly pageId: string; readonly psid: string },
  { world }: Simulation,
): void {
  if (!world.pages.has(pageId)) throw refused('page-unknown')
  if (threadOf(world, pageId, psid) === undefined) throw refused('person-unknown')
}

function endOf(lifeMs: number | undefined, { clock }: Simulation): number | null {
  return lifeMs === undefined ? null : clock.nowMs() + lifeMs
}

function followingOf({ world }: Simulation): Following {
  const { graph, pages, unsubscribed } = world
  return {
    app: graph.subscription,
    pages: [...pages.keys()].map((pageId) => ({
      pageId,
      followed: !unsubscribed.has(pageId),
      fields: graph.pageFields.get(pageId) ?? null,
    })),
  }
}

function rulesOf(given: NonNullable<z.output<typeof limitsSchema>>): LimitRules {
  const members = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...defaultLimitRules, ...Object.fromEntries(members) }
}

async function requestDeletion(
  { url, userId }: z.output<typeof deletionSchema>,
  { app, clock }: Simulation,
  { dispatcher, answerTimeoutMs }: GraphWires,
): Promise<DeletionAnswer> {
  const signed = signedRequest({ userId, nowMs: clock.nowMs() }, app.appSecret)
  try {
    const answer = await request(url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ signed_request: signed }).toString(),
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    return { status: answer.statusCode, body: await answer.body.text() }
  } catch (cause) {
    const publicMessage = 'url: nobody answers there; start the receiver first'
    throw appError('OTN_HTTP_CONFLICT', { message: publicMessage, publicMessage, cause })
  }
}
