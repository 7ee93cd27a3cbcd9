/**
 * What a person may be asked, by the words of the contract: one question about a topic at a time, a
 * bounded number of them, and within a day of what the person wrote last.
 */
import type { EngagementEvent, RequestOptIn } from '@otn/contracts'
import { pageId, pageScopedUserId } from '@otn/kernel'
import { identity } from './bytes.ts'
import type { FactSeen, JudgeParts, Violation } from './judge-parts.ts'
import type { Person, SendRequest } from './send-request.ts'
import { SETTINGS } from './settings.ts'

/** A tap so long before the question, by the platform's clock, may be its answer. */
const SKEW_MS = 60_000
const WINDOW_MS = 86_400_000

interface Question extends Person {
  readonly topic: string
  /** When its call was meant, business clock. */
  readonly at: number
}

type Parts = Pick<JudgeParts, 'clock' | 'platform'> & {
  /** Told until now. */
  readonly facts: readonly FactSeen[]
}

export class Questions {
  /** That reached somebody. */
  readonly #put: Question[] = []
  /** Ends of windows that the log tells of, by person. */
  readonly #windows = new Map<string, number>()
  /** By request: end of the person's window, as the log told of it when it was received. */
  readonly #open = new Map<string, number>()
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** It is on the log that a person did something. */
  engaged(event: EngagementEvent): void {
    if (event.type !== 'PersonEngaged') return
    const until = Math.min(event.occurredAt, event.at) + WINDOW_MS
    this.#windows.set(event.person, Math.max(until, this.#windows.get(event.person) ?? until))
  }

  /** A request is on the log: from here on nobody can say that they did not know of the window. */
  received({ commandId, pageId: page, psid }: RequestOptIn): void {
    if (!psid || this.#open.has(commandId)) return
    const until = this.#windows.get(identity.person(page, psid))
    if (until !== undefined) this.#open.set(commandId, until)
  }

  *falseRefusal({ asks, type, attempt, reason, commandId }: FactSeen): Generator<Violation> {
    if (!asks || type !== 'NotificationFailed' || attempt !== 0) return
    const until = this.#open.get(commandId)
    if (reason !== 'window-closed' || until === undefined) return
    if (this.#parts.clock.highest() < until) {
      yield { rule: 'no refusal where the window stood open', detail: commandId }
    }
  }

  *delivered(request: SendRequest): Generator<Violation> {
    const person = this.#parts.platform().personOf(request)
    if (request.topic === null || person === null) return
    const { page, psid } = person
    const question = { page, psid, topic: request.topic, at: this.#meantAt(request) }
    const now = this.#parts.clock.highest()
    const earlier = this.#put.filter((put) => put.page === page && put.psid === psid)
    const open = earlier.find(
      (put) =>
        put.topic === question.topic &&
        now < put.at + SETTINGS.asking.openMs &&
        !this.#saidYes(put),
    )
    const detail = `${request.commandId}: ${psid} about ${question.topic}`
    if (open) yield { rule: 'a person is asked once about a topic', detail }
    const recent = earlier.filter((put) => now < put.at + SETTINGS.asking.periodMs)
    if (recent.length >= SETTINGS.asking.personMax) {
      yield {
        rule: 'a person is not asked too often',
        detail: `${detail}, ${recent.length} before`,
      }
    }
    this.#put.push(question)
  }

  #meantAt({ commandId, attempt }: SendRequest): number {
    const meant = this.#parts.facts.filter(
      (fact) =>
        fact.type === 'NotificationAttempted' &&
        fact.commandId === commandId &&
        fact.attempt === attempt,
    )
    return Math.min(this.#parts.clock.nowMs(), ...meant.map(({ at }) => at))
  }

  #saidYes({ page, psid, topic, at }: Question): boolean {
    const tokens = [...this.#parts.platform().tokens.values()]
    return tokens.some(
      (token) =>
        token.page === page &&
        token.psid === psid &&
        token.topic === topic &&
        token.grantedAt >= at - SKEW_MS,
    )
  }
}

export function personIdOf({ page, psid }: Person) {
  return identity.person(pageId(page), pageScopedUserId(psid))
}
