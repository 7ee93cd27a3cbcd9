/**
 * Waits for outcomes. One reading serves every command whose facts stand at or after its
 * beginning; a command that may have older ones is read for alone.
 */
import type { BusLog } from '@otn/bus'
import type { Codec } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { FactSource, FactStream } from './fact-reader.ts'
import type { Outcome } from './notifier.ts'
import { isFinal, outcomeOf } from './outcome.ts'
import { applyFact, type FollowedCommand, type PublishedCommands } from './published-commands.ts'
import { beginReading, type Reading } from './reading.ts'
import { startTimer } from './timer.ts'

/** Reading the log as it stood at the beginning takes this long at most, else it is an error. */
const CATCH_UP_MS_MAX = 30_000

export interface FollowerParts {
  readonly topic: FactStream
  readonly bus: FactSource
  readonly codec: Codec
  readonly log: BusLog
  readonly published: PublishedCommands
}

export interface OutcomeFollower {
  /**
   * The outcome of a command, at its first final fact or after `waitMs`; but `pending` is never
   * said before the log, as it stood when the reading began, has been read.
   */
  outcome(command: FollowedCommand, waitMs: number): Promise<Outcome>
  close(): Promise<void>
}

export function createOutcomeFollower(parts: FollowerParts): OutcomeFollower {
  const { published } = parts
  const closing = Promise.withResolvers<void>()
  const alone = new Set<Reading>()
  let shared: SharedReading | null = null

  const readAlone = async (command: FollowedCommand, waitMs: number): Promise<Outcome> => {
    const reading = beginReading({
      ...parts,
      from: command.outcomeFrom,
      onFact: (fact) => applyFact(command, fact),
    })
    alone.add(reading)
    try {
      return await awaitOutcome(command, { reading, waitMs, closing: closing.promise })
    } finally {
      // Letting go of Kafka takes its time; the answer does not wait for it, `close` does.
      void reading.close().then(() => alone.delete(reading))
    }
  }
  return {
    outcome: async (command, waitMs) => {
      if (isFinal(outcomeOf(command.state))) return outcomeOf(command.state)
      const isOurs = published.find(command.commandId, command.pageId) === command
      if (!isOurs || (shared !== null && !covers(shared, command))) {
        return readAlone(command, waitMs)
      }
      shared = alive(shared, { parts, from: command.outcomeFrom })
      const { reading } = shared
      return awaitOutcome(command, { reading, waitMs, closing: closing.promise })
    },
    close: async () => {
      closing.resolve()
      const readings = [...alone, ...(shared ? [shared.reading] : [])]
      await Promise.all(readings.map((reading) => reading.close()))
    },
  }
}

interface SharedReading {
  readonly from: readonly bigint[]
  readonly reading: Reading
}

function covers({ from }: SharedReading, { outcomeFrom }: FollowedCommand): boolean {
  return from.every((offset, at) => offset <= (outcomeFrom[at] ?? 0n))
}

/** The shared reading; one that ended is taken up where it stopped, so it covers the same. */
function alive(
  shared: SharedReading | null,
  { parts, from }: { readonly parts: FollowerParts; readonly from: readonly bigint[] },
): SharedReading {
  if (shared !== null && !shared.reading.isOver) return shared
  const { published, ...reader } = parts
  const start = shared === null ? from : shared.reading.next
  const reading = beginReading({ ...reader, from: start, onFact: published.apply })
  return { from: shared?.from ?? from, reading }
}

interface Wait {
  readonly reading: Reading
  readonly waitMs: number
  readonly closing: Promise<void>
}

async function awaitOutcome(
  command: FollowedCommand,
  { reading, waitMs, closing }: Wait,
): Promise<Outcome> {
  const final = Promise.withResolvers<void>()
  const watcher = (): void => {
    if (isFinal(outcomeOf(command.state))) final.resolve()
  }
  const patience = startTimer(waitMs)
  const limit = startTimer(Math.max(waitMs, CATCH_UP_MS_MAX))
  const tooSlow = limit.elapsed.then(() => {
    throw behind()
  })
  command.watchers.add(watcher)
  watcher()
  try {
    const read = patience.elapsed.then(() => Promise.race([reading.caughtUp, tooSlow]))
    await Promise.race([final.promise, reading.crashed, closing, read])
    return outcomeOf(command.state)
  } finally {
    command.watchers.delete(watcher)
    patience.stop()
    limit.stop()
  }
}

function behind(): Error {
  const message = `the facts could not be read to their end within ${CATCH_UP_MS_MAX} ms`
  return appError('OTN_BUS_UNREACHABLE', { message })
}
