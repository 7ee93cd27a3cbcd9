import { isAppError } from '@otn/kernel'
import type { LogOutage } from '../domain/log-outage.ts'
import type { Spool, SpooledSegment, TakeWebhook, TellSpool } from '../ports.ts'
import { oldestOf, walkSpool } from './walk-spool.ts'

export interface DrainSpoolPorts {
  readonly spool: Pick<Spool, 'oldest'>
  /** To the log, by an appender of its own: webhooks of the present never wait behind old ones. */
  readonly take: TakeWebhook
  readonly outage: LogOutage
  readonly tell: TellSpool
}

export interface Draining {
  /** Drains until nothing is left or the log takes nothing more; never throws. */
  run(): Promise<void>
  /** Resolves when what is under way has ended; nothing is begun any more. */
  close(): Promise<void>
}

/** Webhooks under way at a time; they are begun in their order. */
const WINDOW = 64
/** Times in a row that the log took nothing of what it was asked, each time another webhook. */
const MISSES_MAX = 2

interface Pass {
  isFirst: boolean
  misses: number
  /** What the log said to the last of those. */
  away: unknown
}

/**
 * Takes what is on the spool to the log, in the order of receipt. A file is deleted once the log
 * acknowledged all of it; after a crash it is taken again from its beginning, which adds no fact.
 * Nothing holds the others up: what the log does not take, as where a part of Kafka is away, is
 * asked for again; what can never be taken has its file set aside once the others are through.
 */
export function drainSpool(ports: DrainSpoolPorts): Draining {
  const { outage, tell } = ports
  const walk = walkSpool(ports)
  let running: Promise<void> | null = null
  let isClosed = false

  const step = async (pass: Pass): Promise<boolean> => {
    const place = await walk.stand(pass)
    if (place === null) {
      if (pass.misses > 0) throw pass.away
      return false
    }
    // A log that is away is asked with one webhook, not with many.
    const isAway = pass.isFirst || (pass.misses > 0 && outage.isSpooling())
    const asked = (pass.isFirst ? oldestOf(place) : place.ahead).slice(0, isAway ? 1 : WINDOW)
    const { records, owed, away } = await takeAll(place.segment, asked, ports)
    // What needed no log says nothing of it.
    if (records > 0) outage.answered()
    walk.asked(asked, owed)
    pass.isFirst = false
    pass.misses = owed.length === asked.length ? pass.misses + 1 : 0
    pass.away = away
    if (pass.misses >= MISSES_MAX) throw away
    return true
  }

  const drain = async () => {
    const pass: Pass = { isFirst: true, misses: 0, away: null }
    try {
      while (!isClosed && (await step(pass)));
    } catch (error) {
      tell.drainHalted(error)
    } finally {
      running = null
    }
  }

  return {
    run: () => {
      if (isClosed) return Promise.resolve()
      running ??= drain()
      return running
    },
    close: async () => {
      isClosed = true
      await running
    },
  }
}

interface Taken {
  /** How many records those came to that the log took. */
  readonly records: number
  /** Those that it did not take, and what it said; none is under way any more. */
  readonly owed: readonly number[]
  readonly away: unknown
}

async function takeAll(
  segment: SpooledSegment,
  asked: readonly number[],
  { take, tell }: DrainSpoolPorts,
): Promise<Taken> {
  const sinceMs = performance.now()
  const elapsedMs = () => performance.now() - sinceMs
  const results = await Promise.allSettled(
    asked.map(async (index) => {
      const open = segment.webhooks[index]
      return open === undefined ? 0 : take(open(), elapsedMs)
    }),
  )
  let [records, away]: [number, unknown] = [0, null]
  const owed: number[] = []
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') records += result.value
    else if (isAppError(result.reason, 'OTN_HTTP_UNAVAILABLE')) {
      away = result.reason
      owed.push(asked[index] ?? 0)
    } else {
      segment.spoil()
      tell.spoiled(result.reason)
    }
  }
  return { records, owed, away }
}
