/**
 * No refusal where a live token stood there that nobody held. Judged by what stood on the log
 * before the command did: the dispatcher reads the log's ends later than that, and an answer of the
 * ledger that has not reached them says nothing (design 5, "Stale answers never refuse").
 */
import type { NotificationEvent, ReasonCode } from '@otn/contracts'
import { tokenId as tokenIdOf } from '@otn/kernel'
import type { JudgeParts } from './judge-parts.ts'
import { stateBy } from './token-state.ts'

/** What is said of somebody's tokens; of a command that cannot be, or a page, other words are. */
const OF_TOKENS: ReadonlySet<string> = new Set<ReasonCode>([
  'no-live-token',
  'token-unknown',
  'token-held',
  'token-spent',
  'token-expired',
  'token-rejected',
  'token-withdrawn',
  'topic-mismatch',
  'topic-unmapped',
  'window-closed',
])

type Parts = Pick<JudgeParts, 'claims'> & {
  /** Told of tokens until now. */
  readonly facts: readonly NotificationEvent[]
}

export class Refusals {
  /** Tokens whose opt-in is on the log. */
  readonly #consents = new Set<string>()
  readonly #withdrawn = new Set<string>()
  /** By command: tokens that were free when it was received, and have been since. */
  readonly #free = new Map<string, Set<string>>()
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  consented(tokenId: string): void {
    this.#consents.add(tokenId)
  }

  withdrawn(tokenId: string): void {
    this.#withdrawn.add(tokenId)
    this.held(tokenId, null)
  }

  /** The command is on the log: what stands there now it may not be refused for want of. */
  received(commandId: string): void {
    if (this.#free.has(commandId)) return
    this.#free.set(commandId, new Set([...this.#consents].filter((id) => this.#isFree(id))))
  }

  /** @param by a command, in the claims or on the log; null = nobody may have it any more */
  held(tokenId: string, by: string | null): void {
    for (const [commandId, tokens] of this.#free) if (commandId !== by) tokens.delete(tokenId)
  }

  /** Tokens that were free all the while, where the fact is a refusal for want of one. */
  falseFor({ type, attempt, reason, commandId }: NotificationEvent): readonly string[] {
    const isRefusal = type === 'NotificationFailed' && attempt === 0 && OF_TOKENS.has(reason ?? '')
    return isRefusal ? [...(this.#free.get(commandId) ?? [])] : []
  }

  #isFree(tokenId: string): boolean {
    const { claims, facts } = this.#parts
    if (claims().holderOf(tokenIdOf(tokenId)) !== null) return false
    const own = facts.filter((fact) => fact.tokenId === tokenId && fact.attempt > 0)
    return stateBy(own, this.#withdrawn.has(tokenId)) === 'live'
  }
}
