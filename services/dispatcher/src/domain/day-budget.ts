/**
 * The calls of a page in the last 24 hours, of which the platform takes so many for each person
 * that the page can message. Counted by quarters of an hour, business clock, and a quarter counts
 * until all of it is 24 hours old. Pure.
 */
import { DAY_MS, MINUTE_MS } from '@otn/kernel'

const QUARTER_MS = 15 * MINUTE_MS

/** Calls by quarter since the epoch. */
export type DayCount = ReadonlyMap<number, number>

/** The count with further calls of now; what is older than a day is dropped. */
export function withCalls(count: DayCount, nowMs: number, calls: number): DayCount {
  const now = Math.floor(nowMs / QUARTER_MS)
  const kept = new Map([...count].filter(([quarter]) => counts(quarter, nowMs)))
  return calls === 0 ? kept : kept.set(now, (kept.get(now) ?? 0) + calls)
}

export function spentIn(count: DayCount, nowMs: number): number {
  return [...count].reduce((sum, [quarter, n]) => (counts(quarter, nowMs) ? sum + n : sum), 0)
}

/** When there is room for a call again; null = there is now. */
export function roomAt(count: DayCount, budget: number, nowMs: number): number | null {
  let left = spentIn(count, nowMs)
  if (left < budget) return null
  const quarters = [...count].filter(([quarter]) => counts(quarter, nowMs))
  for (const [quarter, n] of quarters.toSorted(([a], [b]) => a - b)) {
    left -= n
    if (left < budget) return (quarter + 1) * QUARTER_MS + DAY_MS
  }
  return nowMs + DAY_MS
}

function counts(quarter: number, nowMs: number): boolean {
  return (quarter + 1) * QUARTER_MS + DAY_MS > nowMs
}
