/**
 * What a person may be asked, by the words of the contract: one question about a topic at a time,
 * and a bounded number of them.
 */
import { pageId, pageScopedUserId } from '@otn/kernel'
import { identity } from './bytes.ts'
import type { FactSeen, JudgeParts, Violation } from './judge-parts.ts'
import type { Person, SendRequest } from './send-request.ts'
import { SETTINGS } from './settings.ts'

/** A tap so long before the question, by the platform's clock, may be its answer. */
const SKEW_MS = 60_000

interface Question extends Person {
  readonly topic: string
  readonly title: string | null
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
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  *delivered(request: SendRequest): Generator<Violation> {
    const person = this.#parts.platform().personOf(request)
    if (request.topic === null || person === null) return
    const { page, psid } = person
    const { topic, title } = request
    const question = { page, psid, topic, title, at: this.#meantAt(request) }
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
    const same = earlier.find((put) => put.title === title && now < put.at + SETTINGS.asking.openMs)
    if (same) yield { rule: 'a person is not asked twice in the same words', detail }
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
