/** What the ledger says of each token, against the words of the contract. */
import { tokenView } from '@otn/token-ledger/decisions'
import { stateBy } from './token-state.ts'
import type { Universe } from './universe.ts'

export function judgeTokens({ judge, ledgerDatabase, claims }: Universe): void {
  for (const [id, document] of ledgerDatabase.tokens()) {
    const view = tokenView(document)
    if (view === null) continue
    const facts = judge.facts.filter(({ tokenId, attempt }) => tokenId === id && attempt > 0)
    const expected = stateBy(facts, claims.withdrawn.has(id))
    if (view.state !== expected) {
      judge.violate('the ledger tells the state of each token', `${id}: ${view.state}, ${expected}`)
    }
  }
}
