import { placeText } from '../audit-record.ts'
import { endedBefore, type Use } from '../token-facts.ts'
import { type Circumstances, isOld, ofToken, type TokenRule } from './rule.ts'

/** One token, one message. */
export const tokenSentTwice: TokenRule = ({ token, uses }) => {
  const [first, ...others] = uses.filter(({ isSent }) => isSent)
  const other = others.find(
    ({ commandKey, attempt }) => commandKey !== first?.commandKey || attempt !== first.attempt,
  )
  if (first === undefined || other === undefined) return []
  const names = [first, other].map(({ commandKey, attempt }) => `${commandKey} attempt ${attempt}`)
  const detail = `sent by ${names.toSorted().join(' and ')}`
  return [ofToken('token-sent-twice', token, { detail, place: other.startPlace })]
}

/**
 * Two commands may have a token one after the other only if the first let it go. A release is
 * decided in the store, where the next claim may follow at once, and told afterwards: the claim may
 * stand before the release on the log. So they are compared by the time of the decision, up to what
 * clocks differ by, and what is not closed yet is given time to be told.
 */
export const tokenDoubled: TokenRule = ({ token, uses }, circumstances) => {
  const ordered = uses.toSorted(
    (a, b) =>
      a.startedAt - b.startedAt || (placeText(a.startPlace) < placeText(b.startPlace) ? -1 : 1),
  )
  for (const [index, second] of ordered.entries()) {
    const first = ordered.slice(0, index).find((use) => overlap(use, second, circumstances))
    if (first === undefined) continue
    const what = first.isSent ? 'had sent' : first.isClosed ? 'still held it' : 'is unanswered'
    const detail = `${second.commandKey} took it while ${first.commandKey} ${what}`
    return [ofToken('token-doubled', token, { detail, place: second.startPlace })]
  }
  return []
}

function overlap(first: Use, second: Use, circumstances: Circumstances): boolean {
  const { clockGraceMs, tellMs } = circumstances.limits
  if (first.commandKey === second.commandKey) return false
  if (endedBefore(first, second, clockGraceMs) || endedBefore(second, first, clockGraceMs)) {
    return false
  }
  const isToldLater = !first.isClosed || !second.isClosed
  return !isToldLater || isOld(second.startPlace, circumstances, tellMs)
}
