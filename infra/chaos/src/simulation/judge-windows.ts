/**
 * What the log tells of 24-hour windows, by the words of the contract: while one stands open nobody
 * is told that it is closed, and AUTO spends no token.
 */
import type { EngagementEvent, NotificationEvent, Notify, ReasonCode } from '@otn/contracts'
import { identity } from './bytes.ts'
import { type FactSeen, type Given, isRequest, type JudgeParts } from './judge-parts.ts'
import type { SendRequest } from './send-request.ts'

const WINDOW_MS = 86_400_000

/** By which AUTO says that it found neither window nor token. */
const FOUND_NOTHING: ReadonlySet<string> = new Set<ReasonCode>([
  'no-live-token',
  'token-held',
  'token-spent',
  'token-expired',
  'token-rejected',
  'window-closed',
])

type Parts = Pick<JudgeParts, 'clock'> & {
  /** Told until now. */
  readonly facts: readonly FactSeen[]
}

export class Windows {
  /** Ends of windows that the log tells of, by person. */
  readonly #ends = new Map<string, number>()
  /** By command: end of the person's window, as the log told of it when it was received. */
  readonly #known = new Map<string, { readonly given: Given; readonly until: number }>()
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** It is on the log that a person did something. */
  engaged(event: EngagementEvent): void {
    if (event.type !== 'PersonEngaged') return
    const until = Math.min(event.occurredAt, event.at) + WINDOW_MS
    this.#ends.set(event.person, Math.max(until, this.#ends.get(event.person) ?? until))
  }

  /** A command is on the log: from here on nobody can say that they did not know of the window. */
  received(given: Given): void {
    const { commandId, pageId: page, psid } = given
    const key = keyOf(commandId, isRequest(given))
    if (!psid || this.#known.has(key) || !asksForWindow(given)) return
    const until = this.#ends.get(identity.person(page, psid))
    if (until !== undefined) this.#known.set(key, { given, until })
  }

  /** Whether the fact refuses for want of a window that stood open all the while. */
  isFalseRefusal({ asks, type, attempt, reason, commandId }: FactSeen): boolean {
    if (type !== 'NotificationFailed' || attempt !== 0 || !reason) return false
    const given = this.#open(keyOf(commandId, asks))
    if (given === null) return false
    return isAuto(given) ? FOUND_NOTHING.has(reason) : reason === 'window-closed'
  }

  /** Whether the call spends a token on what the window gives for nothing. */
  isWaste({ token, topic, commandId }: SendRequest): boolean {
    if (token === null || topic !== null) return false
    const given = this.#open(keyOf(commandId, false))
    return given !== null && isAuto(given)
  }

  /** Null where the window is not known to be open, or the platform says that it is closed. */
  #open(key: string): Given | null {
    const known = this.#known.get(key)
    if (known === undefined || this.#parts.clock.highest() >= known.until) return null
    return this.#parts.facts.some((fact) => denies(fact, known.given)) ? null : known.given
  }
}

/** One id may be that of a message and of a question. */
const keyOf = (commandId: string, asks: boolean) => `${asks ? 'question' : 'message'} ${commandId}`

function asksForWindow(given: Given): boolean {
  return isRequest(given) || given.route === 'WINDOW' || isAuto(given)
}

function isAuto(given: Given): boolean {
  return !isRequest(given) && given.route === 'AUTO'
}

function denies({ commandId, attempt, reason }: NotificationEvent, given: Given): boolean {
  return attempt > 0 && reason === 'window-closed' && commandId === given.commandId
}

/** How long after their last act a person may be sent this, ms; null = they are not named. */
export function reachOf(request: SendRequest, given: Given): number | null {
  if (request.psid === null) return null
  return isTagged(given) ? TAG_REACH_MS : WINDOW_MS
}

/** The tag that worlds use lets an agent of flesh and blood answer for a week. */
const TAG_REACH_MS = 7 * WINDOW_MS

function isTagged(given: Given): given is Notify {
  return !isRequest(given) && given.route === 'TAG'
}
