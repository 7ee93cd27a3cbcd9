/** Which way a message goes: what becomes of what its command asks for. */
import type { Notify } from '@otn/contracts'
import { DAY_MS } from '@otn/kernel'
import { type Route, routeAsked, type TakenRoute } from '@otn/policy'
import type { Command } from './command.ts'

interface Choosing {
  readonly command: Pick<Command, 'attempts'>
  /** End of the person's 24-hour window, ms since the epoch; null = never opened. */
  readonly windowOpenUntil: number | null
  /** Business clock. */
  readonly nowMs: number
  readonly routesOff: readonly Route[]
}

/**
 * AUTO goes by WINDOW as long as the window is open, and spends a token else. A command that names
 * its token has that one spent, whenever it goes out.
 */
export function routeTaken(
  { route, tokenId }: Pick<Notify, 'route' | 'tokenId'>,
  { command, windowOpenUntil: until, nowMs, routesOff }: Choosing,
): TakenRoute {
  const asked = routeAsked(route)
  if (asked !== 'AUTO') return asked
  const isOpen = until !== null && nowMs < until && !isRefused(command, until - DAY_MS)
  return !tokenId && isOpen && !routesOff.includes('WINDOW') ? 'WINDOW' : 'TOKEN'
}

/** The platform called a window closed that we take for open: it knows better. */
function isRefused({ attempts }: Choosing['command'], openedAt: number): boolean {
  return attempts.some(
    ({ reason, tokenId, endedAt }) =>
      reason === 'window-closed' && tokenId === null && (endedAt ?? openedAt) >= openedAt,
  )
}
