/**
 * The hidden truth: what people really received. Only tests and the page for people may ask; a
 * system that needs it to work is broken, because Meta tells nobody.
 */
import type { z } from 'zod'

import type { LoggedCall } from '../call-log.ts'
import { type TokenState, tokenEndMs, tokenState } from '../domain/token-state.ts'
import { WINDOW_MS } from '../domain/window.ts'
import type {
  DeliveredMessage,
  IssuedToken,
  Person,
  ShownRequest,
  Thread,
} from '../domain/world.ts'
import type { Simulation } from '../simulation.ts'
import { parseInput } from './parse-input.ts'
import { truthSchema } from './requests.ts'

export interface TrueToken extends IssuedToken {
  readonly state: TokenState
  readonly expiresAtMs: number
  /** Send API calls that carried it, whatever came of them. */
  readonly calls: number
}

/** A person as they really are, whatever the app believes. */
export interface TruePerson extends Person {
  readonly blocked: boolean
  readonly deleted: boolean
  readonly stopped: boolean
  /** Until when the page may write without a token; null before the first act. */
  readonly windowOpenUntilMs: number | null
  readonly requests: readonly ShownRequest[]
}

export interface Truth {
  readonly people: readonly TruePerson[]
  readonly tokens: readonly TrueToken[]
  /** What really reached somebody, and when. */
  readonly deliveries: readonly DeliveredMessage[]
  /** The newest Send API calls with their outcomes; `callCount` counts all. */
  readonly calls: readonly LoggedCall[]
  readonly callCount: number
  /** What to give as `after` for the rest of the lists; null when all were shown. */
  readonly next: number | null
}

export interface TruthControl {
  /** One page of every list; without a limit the first 100,000 of each. */
  truth(filter?: z.input<typeof truthSchema>): Truth
}

export function createTruthControl(simulation: Simulation): TruthControl {
  return { truth: (filter = {}) => truthOf(parseInput(truthSchema, filter), simulation) }
}

function truthOf(filter: z.output<typeof truthSchema>, simulation: Simulation): Truth {
  const { world, calls } = simulation
  const { after, limit } = filter
  const isWanted = wanted(filter)
  const trueToken = tokenNow(simulation)
  const holder = world.tokens.get(filter.token ?? '')
  // Of a token, only its holder.
  const tokenOf = ({ pageId, psid }: Person): string | null =>
    pageId === holder?.pageId && psid === holder.psid ? holder.token : null
  const lists = {
    people: [...world.threads.values()].filter(({ person }) =>
      isWanted({ ...person, token: tokenOf(person) }),
    ),
    tokens: [...world.tokens.values()].filter(isWanted),
    deliveries: world.deliveries.filter(isWanted),
    calls: calls.recent().filter(isWanted),
  }
  const longest = Math.max(...Object.values(lists).map(({ length }) => length))
  const end = after + limit
  return {
    people: lists.people.slice(after, end).map(truePerson),
    tokens: lists.tokens.slice(after, end).map(trueToken),
    deliveries: lists.deliveries.slice(after, end),
    calls: lists.calls.slice(after, end),
    callCount: calls.count(),
    next: longest > end ? end : null,
  }
}

function wanted({ pageId, psid, token }: z.output<typeof truthSchema>): (row: Row) => boolean {
  return (row) =>
    (pageId === undefined || row.pageId === pageId) &&
    (psid === undefined || row.psid === psid) &&
    (token === undefined || row.token === token)
}

function tokenNow({ clock, calls, switches }: Simulation): (issued: IssuedToken) => TrueToken {
  const nowMs = clock.nowMs()
  const life = switches.tokenLife
  return (issued) => ({
    ...issued,
    state: tokenState(issued, nowMs, life),
    expiresAtMs: tokenEndMs(issued.grantedAtMs, life),
    calls: calls.callsWith(issued.token),
  })
}

function truePerson({ person, lastActAtMs, requests, ...thread }: Thread): TruePerson {
  const { blocked, deleted, stopped } = thread
  const windowOpenUntilMs = lastActAtMs === null ? null : lastActAtMs + WINDOW_MS
  return { ...person, blocked, deleted, stopped, windowOpenUntilMs, requests }
}

interface Row {
  readonly pageId: string | null
  readonly psid: string | null
  readonly token: string | null
}
