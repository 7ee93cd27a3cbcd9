/** The one clock: reading it, and moving it together with everybody who follows. */
import { appError } from '@otn/kernel'

import type { ClockFrame, Followers } from '../clock/followers.ts'
import type { Simulation } from '../simulation.ts'
import { parseInput } from './parse-input.ts'
import { advanceSchema } from './requests.ts'

/** No date of a later year has the form that every log, page and library writes. */
const END_MS = Date.UTC(9999, 11, 31)

export interface ClockControl {
  nowMs(): number
  clock(): ClockFrame
  /**
   * Jumps forward and waits until every follower has confirmed; a jump that begins is made.
   *
   * @throws OTN_HTTP_CONFLICT for a jump past the year 9999, which is not made
   * @throws OTN_HTTP_UNAVAILABLE with the names of those who did not confirm in time
   */
  advance(byMs: number): Promise<ClockFrame>
}

export interface ClockWires {
  readonly followers: Followers
  readonly confirmTimeoutMs: number
}

export function createClockControl(
  simulation: Simulation,
  { followers, confirmTimeoutMs }: ClockWires,
): ClockControl {
  const { clock } = simulation
  const frame = (): ClockFrame => ({
    revision: clock.revision(),
    nowMs: clock.nowMs(),
    running: clock.running,
  })
  return {
    nowMs: () => clock.nowMs(),
    clock: frame,
    advance: async (byMs) => {
      const { advanceMs } = parseInput(advanceSchema, { advanceMs: byMs })
      if (clock.nowMs() + advanceMs > END_MS) throw atItsEnd()
      clock.advance(advanceMs)
      simulation.tell([{ type: 'ClockAdvanced', byMs: advanceMs }])
      const silent = await followers.tell(frame(), confirmTimeoutMs)
      if (silent.length === 0) return frame()
      const publicMessage = `the clock moved, but not confirmed by: ${silent.join(', ')}`
      throw appError('OTN_HTTP_UNAVAILABLE', { message: publicMessage, publicMessage })
    },
  }
}

function atItsEnd() {
  const publicMessage = 'advanceMs: the clock ends with the year 9999; start a new world'
  return appError('OTN_HTTP_CONFLICT', { message: publicMessage, publicMessage })
}
