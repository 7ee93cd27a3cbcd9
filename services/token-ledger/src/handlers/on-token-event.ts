import type { ConsentWithdrawn, TokenEvent } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import { foldTopicWithdrawal } from '../domain/page.ts'
import { foldPersonWithdrawal } from '../domain/person.ts'
import { personKey } from '../domain/person-key.ts'
import { foldTokenEvent } from '../domain/token.ts'

/** Consent was withdrawn, the topic of a token was corrected, or a notice of expiry was told. */
export function onTokenEvent(event: TokenEvent): Folds {
  const { tokenId = null } = event
  if (tokenId === null) return event.type === 'ConsentWithdrawn' ? manyWithdrawn(event) : {}
  return {
    tokens: [{ id: tokenId, evolve: (token) => foldTokenEvent(token, event) }],
    ...(event.type === 'TokenTopicAssigned' ? { covers: [{ tokenId }] } : {}),
  }
}

/** By the person, for one topic or for all; or for a topic, whoever consented. */
function manyWithdrawn(event: ConsentWithdrawn): Folds {
  const { pageId, person = null, topic = null, withdrawnAt } = event
  if (person === null && topic === null) return {}
  const covers = [{ scope: { pageId, person, topic, withdrawnAt } }]
  if (person === null) {
    return { pages: [{ id: pageId, evolve: (page) => foldTopicWithdrawal(page, event) }], covers }
  }
  const id = personKey({ pageId, person })
  return { persons: [{ id, evolve: (known) => foldPersonWithdrawal(known, event) }], covers }
}
