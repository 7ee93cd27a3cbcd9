import { isAppError } from '@otn/kernel'
import type { LogOutage } from '../domain/log-outage.ts'
import type { Spool, SpooledSegment, TakeWebhook, TellSpool } from '../ports.ts'

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

interface Place {
  readonly segment: SpooledSegment
  readonly next: number
}

/**
 * Takes what is on the spool to the log, in the order of receipt. A file is deleted once the log
 * acknowledged all of it; after a crash it is taken again from its beginning, which adds no fact.
 * What can never be taken holds nobody up: its file is set aside when the others are through.
 */
export function drainSpool(ports: DrainSpoolPorts): Draining {
  const { spool, outage, tell } = ports
  let place: Place | null = null
  let running: Promise<void> | null = null
  let isClosed = false
  /** A log that is away is asked with one webhook, not with many. */
  let width = 1

  const step = async (): Promise<boolean> => {
    const segment: SpooledSegment | null = place?.segment ?? (await spool.oldest())
    if (segment === null) {
      outage.askAgain()
      return false
    }
    const from: number = place?.next ?? 0
    place = { segment, next: from }
    if (from >= segment.webhooks.length) {
      tell.segmentDrained(segment.webhooks.length, await segment.forget())
      place = null
      return true
    }
    const upTo = Math.min(from + width, segment.webhooks.length)
    // What needed no log says nothing of it.
    if ((await takeAll(segment, { from, upTo }, ports)) > 0) outage.answered()
    place = { segment, next: upTo }
    width = WINDOW
    return true
  }

  const drain = async () => {
    try {
      while (!isClosed && (await step()));
    } catch (error) {
      width = 1
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

/**
 * @returns how many records they came to
 * @throws OTN_HTTP_UNAVAILABLE where the log did not take all of them; none is under way then
 */
async function takeAll(
  segment: SpooledSegment,
  { from, upTo }: { readonly from: number; readonly upTo: number },
  { take, tell }: DrainSpoolPorts,
): Promise<number> {
  const sinceMs = performance.now()
  const elapsedMs = () => performance.now() - sinceMs
  const results = await Promise.allSettled(
    segment.webhooks.slice(from, upTo).map(async (open) => take(open(), elapsedMs)),
  )
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  const away = faults.find((fault) => isAppError(fault, 'OTN_HTTP_UNAVAILABLE'))
  if (away !== undefined) throw away
  for (const fault of faults) {
    segment.spoil()
    tell.spoiled(fault)
  }
  return results.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0)
}
