/** K18: the clock of one process jumps, forwards and back, while the others keep their time. */
import { setTimeout as delay } from 'node:timers/promises'
import { waitFor } from '@otn/engines'
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import type { Clocked } from '../cell-options.ts'
import type { Exercise } from '../exercise.ts'

const WRONG_MS = 3_000
const SEEN_MS = 30_000

interface Jump {
  readonly service: Clocked
  readonly offsetMs: number
  readonly text: string
}

const JUMPS: readonly Jump[] = [
  { service: 'dispatcher', offsetMs: HOUR_MS, text: 'an hour ahead' },
  { service: 'dispatcher', offsetMs: -HOUR_MS, text: 'an hour back' },
  { service: 'dispatcher', offsetMs: 400 * DAY_MS, text: '400 days ahead' },
  { service: 'token-ledger', offsetMs: HOUR_MS, text: 'an hour ahead' },
  { service: 'token-ledger', offsetMs: -HOUR_MS, text: 'an hour back' },
  { service: 'token-ledger', offsetMs: -400 * DAY_MS, text: '400 days back' },
  { service: 'ingress', offsetMs: HOUR_MS, text: 'an hour ahead' },
  { service: 'ingress', offsetMs: -HOUR_MS, text: 'an hour back' },
]

/** Each jump is undone by another jump: the step back is part of every one. */
export const clockExercises: readonly Exercise[] = JUMPS.map(({ service, offsetMs, text }) => ({
  family: 'clock',
  id: `${service} ${text}`,
  run: async ({ clocks }) => {
    const clock = clocks[service]
    if (clock === undefined) throw new Error('the cell has one clock for everybody')
    const isSeen = async () => clock.followers() > 0
    await waitFor(isSeen, { timeoutMs: SEEN_MS, describe: `${service} to follow its clock` })
    clock.jumpTo(offsetMs)
    await delay(WRONG_MS)
    clock.jumpTo(0)
  },
}))
