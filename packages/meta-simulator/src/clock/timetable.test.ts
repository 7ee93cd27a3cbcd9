import { expect, test } from 'vitest'

import { createSimulatedClock } from './simulated-clock.ts'
import { createTimetable } from './timetable.ts'

const standing = { startAtMs: 1_000, running: false }

test('a jump of the clock does at once what fell due, in the order of its times', () => {
  const clock = createSimulatedClock(standing)
  const timetable = createTimetable(clock)
  const done: string[] = []
  timetable.at(3_000, () => done.push('second'))
  timetable.at(2_000, () => done.push('first'))
  timetable.at(9_000, () => done.push('never'))
  expect(done).toEqual([])
  clock.advance(4_000)
  expect(done).toEqual(['first', 'second'])
  timetable.close()
  clock.advance(1_000_000)
  expect(done).toEqual(['first', 'second'])
})

test('a running clock does it without a jump', async () => {
  const clock = createSimulatedClock({ startAtMs: 0, running: true })
  const timetable = createTimetable(clock)
  await new Promise<void>((resolve) => timetable.at(clock.nowMs() + 5, resolve))
  timetable.close()
})

test('a standing clock moves by its jumps alone and counts them', () => {
  const clock = createSimulatedClock(standing)
  expect([clock.nowMs(), clock.revision()]).toEqual([1_000, 0])
  clock.advance(250)
  expect([clock.nowMs(), clock.revision()]).toEqual([1_250, 1])
})
