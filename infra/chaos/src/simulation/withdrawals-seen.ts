/** What the log withdrew, by the words of the contract: told apart from the services' own folds. */
import type { OptInReceived, TokenEvent } from '@otn/contracts'
import { pageId, pageScopedUserId } from '@otn/kernel'
import { identity } from './bytes.ts'
import type { GrantedToken } from './send-request.ts'

/** A consent as the log or the platform has it; a window that a person opened has no token. */
export interface Consent extends Pick<OptInReceived, 'pageId' | 'person' | 'topic' | 'grantedAt'> {
  readonly tokenId: OptInReceived['tokenId'] | null
}

export function consentOf({ raw, page, psid, topic, grantedAt }: GrantedToken) {
  const at = pageId(page)
  const person = identity.person(at, pageScopedUserId(psid))
  return { tokenId: identity.token(at, raw), pageId: at, person, topic, grantedAt }
}

export class WithdrawalsSeen {
  readonly #said: TokenEvent[] = []

  see(event: TokenEvent): void {
    if (event.type === 'TokenWithdrawn' || event.type === 'ConsentWithdrawn') this.#said.push(event)
  }

  get count(): number {
    return this.#said.length
  }

  /** @param count of the withdrawals in the order of the log, so many; all where left out */
  covers(consent: Consent, count = this.#said.length): boolean {
    return this.#said.slice(0, count).some((event) => concerns(event, consent))
  }

  /** Whether a store that knows these keys knows of one that covers the consent. */
  isKnown(consent: Consent, known: ReadonlyMap<string, number>): boolean {
    return this.#said.some((event) => {
      const { pageId: page, person, topic, tokenId, withdrawnAt } = event
      const key = tokenId ?? `${page}/${person ?? ''}/${topic ?? ''}`
      return concerns(event, consent) && (known.get(key) ?? -Infinity) >= (withdrawnAt ?? 0)
    })
  }
}

function concerns(event: TokenEvent, consent: Consent): boolean {
  if (event.tokenId) return event.tokenId === consent.tokenId
  const isTheirs = !event.person || event.person === consent.person
  const isOfTopic = !event.topic || event.topic === consent.topic
  const isBefore = consent.grantedAt <= (event.withdrawnAt ?? 0)
  return event.pageId === consent.pageId && isTheirs && isOfTopic && isBefore
}
