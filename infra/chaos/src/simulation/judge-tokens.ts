/** The state of each token by the words of the contract, told apart from the ledger's own fold. */
import type { NotificationEvent } from '@otn/contracts'
import { tokenView } from '@otn/token-ledger/decisions'
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

function stateBy(facts: readonly NotificationEvent[], isWithdrawn: boolean): string {
  const commands = new Set(facts.map(({ commandId }) => commandId))
  const states = [...commands].map((id) => lastWord(facts.filter((f) => f.commandId === id)))
  if (states.includes('redeemed')) return 'redeemed'
  if (states.includes('in-doubt')) return 'in-doubt'
  if (states.includes('reserved')) return 'reserved'
  if (isWithdrawn) return 'withdrawn'
  const refusals = states.filter((state) => state === 'refused').length
  return states.includes('rejected') || refusals > 1 ? 'rejected' : 'live'
}

/** What one command left of the token. */
function lastWord(facts: readonly NotificationEvent[]): string {
  if (facts.some(({ type }) => type === 'NotificationSent')) return 'redeemed'
  const highest = Math.max(...facts.map(({ attempt }) => attempt))
  const own = facts.filter(({ attempt }) => attempt === highest)
  const failed = own.find(({ type }) => type === 'NotificationFailed')
  if (failed) {
    if (failed.tokenReleased !== true) return 'rejected'
    const isBare = failed.graphCode === 100 && (failed.graphSubcode ?? null) === null
    return isBare ? 'refused' : 'live'
  }
  if (own.some(({ type }) => type === 'NotificationScheduled')) return 'live'
  return own.some(({ type }) => type === 'NotificationInDoubt') ? 'in-doubt' : 'reserved'
}
