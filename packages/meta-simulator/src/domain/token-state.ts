import { DAY_MS } from '@otn/kernel'

import type { Switches } from './switches.ts'
import type { IssuedToken } from './world.ts'

export type TokenState = 'ISSUED' | 'SPENT' | 'EXPIRED'

/** When a token dies that was granted then: "within 1 year of creation". */
export function tokenEndMs(grantedAtMs: number, life: Switches['tokenLife']): number {
  if (life === '365-days') return grantedAtMs + 365 * DAY_MS
  const end = new Date(grantedAtMs)
  end.setUTCFullYear(end.getUTCFullYear() + 1)
  return end.getTime()
}

/** What has become of a token by now. A spent token stays spent. */
export function tokenState(
  issued: IssuedToken,
  nowMs: number,
  life: Switches['tokenLife'],
): TokenState {
  if (issued.spent !== null) return 'SPENT'
  return nowMs >= tokenEndMs(issued.grantedAtMs, life) ? 'EXPIRED' : 'ISSUED'
}
