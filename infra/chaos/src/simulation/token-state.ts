/** The state of a token by the words of the contract, told apart from the ledger's own fold. */
import type { NotificationEvent } from '@otn/contracts'

/** @param facts about calls with the token, in the order of the log */
export function stateBy(facts: readonly NotificationEvent[], isWithdrawn: boolean): string {
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
