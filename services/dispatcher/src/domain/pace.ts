/**
 * The pace of one page's calls of one kind. Two rules: calls leave evenly, and no second ever sees
 * more of them than the ceiling. Pure: instants of the machine clock come as data, ms.
 */

/**
 * What counts as a second. Longer than one, for calls that left apart may arrive closer together:
 * the platform counts where they arrive.
 */
export const SECOND_AT_PLATFORM_MS = 1_020

/** Turns that nobody could take in time are made up for within this long. */
const MADE_UP_MS = 100

export interface Pace {
  /** When the next turn is, were all of them even. */
  readonly evenAt: number
  /** When the calls of the last second left, oldest first. */
  readonly left: readonly number[]
}

export const restedPace: Pace = { evenAt: Number.NEGATIVE_INFINITY, left: [] }

/**
 * The next turn: may be past. Calls with a turn come evenly, whatever they do before they leave.
 * @param perSecond above 0; may be below 1
 */
export function turnAt({ evenAt }: Pace): number {
  return evenAt - MADE_UP_MS
}

export function withTurn(pace: Pace, at: number, perSecond: number): Pace {
  return { ...pace, evenAt: Math.max(pace.evenAt, at) + SECOND_AT_PLATFORM_MS / perSecond }
}

/** When one more call may leave: may be past. Never more than the ceiling in any second. */
export function leaveAt({ left }: Pace, perSecond: number): number {
  const most = Math.max(1, Math.floor(perSecond))
  const first = left.at(-most)
  return first === undefined ? Number.NEGATIVE_INFINITY : first + SECOND_AT_PLATFORM_MS
}

export function withCall(pace: Pace, at: number): Pace {
  const since = at - SECOND_AT_PLATFORM_MS
  return { ...pace, left: [...pace.left.filter((instant) => instant > since), at] }
}

const BRAKE_FROM_PERCENT = 80
const SLOWEST = 0.05

/**
 * What is left of a pace as a limit is used up: all of it below 80 %, then less and less, at 100 %
 * a twentieth: one call must tell when there is room again. Never more with more use.
 * @param percent used of the limit, as the platform's headers tell it
 */
export function paceLeft(percent: number): number {
  const left = (100 - percent) / (100 - BRAKE_FROM_PERCENT)
  return Math.min(1, Math.max(SLOWEST, left))
}
