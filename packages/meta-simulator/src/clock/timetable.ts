import type { TimeSource } from './simulated-clock.ts'

/** Longer timers overflow in Node; the timetable looks again after this time. */
const TIMER_MS_MAX = 3_600_000

/** Things to do at a time of a clock, in the order of their times. */
export interface Timetable {
  /** Runs `task` once the clock has reached `dueMs`; ties in the order they were entered. */
  at(dueMs: number, task: () => void): void
  /** Forgets everything that is not done yet. */
  close(): void
}

interface Entry {
  readonly dueMs: number
  readonly task: () => void
}

/** A timetable that also wakes when its clock jumps. */
export function createTimetable(clock: TimeSource): Timetable {
  let entries: Entry[] = []
  let timer: NodeJS.Timeout | undefined

  const wake = (): void => {
    const nowMs = clock.nowMs()
    const isDue = ({ dueMs }: Entry): boolean => dueMs <= nowMs
    const due = entries.filter(isDue).toSorted((a, b) => a.dueMs - b.dueMs)
    entries = entries.filter((entry) => !isDue(entry))
    for (const { task } of due) task()
    arm()
  }
  const arm = (): void => {
    clearTimeout(timer)
    if (!clock.running) return
    const nextMs = entries.reduce((least, { dueMs }) => Math.min(least, dueMs), Infinity)
    if (nextMs === Infinity) return
    timer = setTimeout(wake, Math.min(Math.max(nextMs - clock.nowMs(), 0), TIMER_MS_MAX))
  }
  const leave = clock.onAdvance(wake)

  return {
    at: (dueMs, task) => {
      entries.push({ dueMs, task })
      arm()
    },
    close: () => {
      clearTimeout(timer)
      entries = []
      leave()
    },
  }
}
