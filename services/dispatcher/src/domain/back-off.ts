import { SECOND_MS } from '@otn/kernel'

const FIRST_MS = 100
/** The longest a command waits for an answer that may come any moment (design 5). */
export const BACK_OFF_MS_MAX = 10 * SECOND_MS

/** 100 ms, doubling with each wait in a row, to 10 s. */
export function backOffMs(waits: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(waits, 10), BACK_OFF_MS_MAX)
}
