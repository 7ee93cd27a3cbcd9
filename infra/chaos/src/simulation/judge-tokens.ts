/** What the ledger says of each token, against the words of the contract. */
import { tokenId } from '@otn/kernel'
import { tokenView } from '@otn/token-ledger/decisions'
import { stateBy } from './token-state.ts'
import type { Universe } from './universe.ts'

export function judgeTokens({ judge, ledgerDatabase }: Universe): void {
  for (const [id, document] of ledgerDatabase.tokens()) {
    const view = tokenView(document)
    if (view === null) continue
    const facts = judge.facts.filter((fact) => fact.tokenId === id && fact.attempt > 0)
    // The consent counts as the ledger has it: of several receipts the first.
    const isWithdrawn = judge.withdrawals.covers({ ...view, tokenId: tokenId(id) })
    const expected = stateBy(facts, isWithdrawn)
    if (view.state !== expected) {
      judge.violate('the ledger tells the state of each token', `${id}: ${view.state}, ${expected}`)
    }
  }
}
