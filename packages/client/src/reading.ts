import type { Following } from '@otn/bus'
import { type FactReading, followFacts } from './fact-reader.ts'
import { startTimer } from './timer.ts'

const CLOSE_MS = 5_000

/** One reading of the facts, from its beginning to its end. */
export interface Reading {
  /** Settles once the log as it stood at the beginning is read; rejects like `crashed`. */
  readonly caughtUp: Promise<void>
  /** Rejects when the reading has ended for good; never resolves. */
  readonly crashed: Promise<never>
  readonly isOver: boolean
  /** Next offset per partition: where another reading would go on. */
  readonly next: readonly bigint[]
  close(): Promise<void>
}

/** Begins to read facts at `from`. Never throws: a failure shows in `crashed`. */
export function beginReading(reading: Omit<FactReading, 'onCrash'>): Reading {
  const crash = Promise.withResolvers<never>()
  const caughtUp = Promise.withResolvers<void>()
  // Whoever waits sees the failure; nobody waiting is no unhandled rejection.
  crash.promise.catch(() => undefined)
  caughtUp.promise.catch(() => undefined)
  let following: Following | null = null
  let isOver = false
  const onCrash = (error: Error): void => {
    isOver = true
    crash.reject(error)
    caughtUp.reject(error)
  }
  const begun = followFacts({ ...reading, onCrash }).then((made) => {
    following = made
    made.caughtUp.then(caughtUp.resolve, onCrash)
  }, onCrash)
  return {
    caughtUp: caughtUp.promise,
    crashed: crash.promise,
    get isOver() {
      return isOver
    },
    get next() {
      return reading.from.map((from, at) => following?.positions[reading.topic]?.[at] ?? from)
    },
    close: async () => {
      isOver = true
      const limit = startTimer(CLOSE_MS)
      await Promise.race([begun, limit.elapsed])
      limit.stop()
      await following?.close(CLOSE_MS)
    },
  }
}
