import { DAY_MS } from '@otn/kernel'
import type { GraphContext } from './graph-context.ts'
import type { Refused } from './judgement.ts'
import type { OptInRequest } from './opt-in-template.ts'
import type { Thread } from './world.ts'

/** "one request per title per user per week", of the sister feature. */
const SAME_TITLE_MS = 7 * DAY_MS

/** The refusal of a request for permission to a person who was asked before, or null. */
export function requestFault(
  { title }: OptInRequest,
  { requests }: Thread,
  { switches, nowMs }: GraphContext,
): Refused | null {
  const isRecent = (shownAtMs: number): boolean => nowMs - shownAtMs < SAME_TITLE_MS
  const isSame = requests.some((asked) => asked.title === title && isRecent(asked.shownAtMs))
  if (isSame && switches.sameTitleRefused) return { situation: 'request-repeated' }
  const today = requests.filter(({ shownAtMs }) => nowMs - shownAtMs < DAY_MS).length
  return today < switches.requestsPerPersonADay ? null : { situation: 'request-limit' }
}
