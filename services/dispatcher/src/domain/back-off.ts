/** How long to wait for what nobody told the length of. Chance comes as data: 0 to 1. */
import { MINUTE_MS, SECOND_MS } from '@otn/kernel'

const FIRST_MS = 100
/** The longest a command waits for an answer that may come any moment (design 5). */
export const BACK_OFF_MS_MAX = 10 * SECOND_MS

/** 100 ms, doubling with each wait in a row, to 10 s. */
export function backOffMs(waits: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(waits, 10), BACK_OFF_MS_MAX)
}

/** A quarter is left to chance, so that what waited together does not come back together. */
export function jittered(ms: number, draw: number): number {
  return Math.round(ms * (1 - draw / 4))
}

/** An engine or a platform that is away is looked for at least this often. */
export const AWAY_PAUSE_MS_MAX = MINUTE_MS
const FIRST_PAUSE_MS = SECOND_MS

/**
 * How long a lane stands still: 1 s, doubling with each pause in a row, half of it left to chance:
 * several dispatchers and many pages must not come back at one instant.
 * @param inARow pauses before this one with no answer between them
 */
export function pauseMs(
  inARow: number,
  { msMax, draw }: { readonly msMax: number; readonly draw: number },
): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(inARow, 30), msMax)
  return Math.round(full * (0.5 + draw / 2))
}
