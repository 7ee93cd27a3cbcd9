import type { Bus, Following } from '@otn/bus'
import type { Codec, PageEvent } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import type { Unusable } from '../inbox-ports.ts'
import { coalesce } from './coalesce.ts'
import { wholeBatch } from './fold-stream.ts'

/** Who asks at the same time shares one answer. */
const SHARED_MAX = 10_000

export interface FollowPages {
  readonly bus: Bus
  readonly codec: Codec
  readonly onPageEvent: (event: PageEvent) => void
  readonly unusable: (message: Unusable) => void
  /** Told when the following ends later: what is known of pages would get old. */
  readonly fail: (error: Error) => void
}

/**
 * Hands over every page event from the first on, in this process alone. Resolves when every event
 * up to now was handed over. @throws what `onPageEvent` threw, OTN_BUS_UNREACHABLE
 */
export async function followPages(options: FollowPages): Promise<Following> {
  const state: { fault: unknown; isKnown: boolean } = { fault: null, isKnown: false }
  const following = await options.bus.follow({
    topics: ['page'],
    onBatch: async (batch) => {
      try {
        for await (const reads of wholeBatch(options.codec, 'page', batch)) {
          for (const read of reads) {
            if (read.kind === 'known') options.onPageEvent(read.value)
            else options.unusable(read)
          }
        }
      } catch (error) {
        // It says more than the crash it leads to.
        state.fault ??= error
        throw error
      }
    },
    onCrash: (error) => {
      if (state.isKnown) options.fail(state.fault instanceof Error ? state.fault : error)
    },
  })
  await following.caughtUp.catch((error) => Promise.reject(state.fault ?? error))
  state.isKnown = true
  return following
}

/** Whether the events of a page that are on the log now were handed over. */
export function pagesRead(
  bus: Bus,
  following: () => Following | null,
): (page: PageId) => Promise<boolean> {
  const ends = coalesce<null, readonly bigint[]>(
    async (askers) => {
      const offsets = await bus.positions.endOffsets('page')
      return askers.map(() => offsets)
    },
    { sizeMax: SHARED_MAX, callsMax: 1 },
  )
  return async (page) => {
    const partition = bus.partitionOf('page', page)
    const end = (await ends(null))[partition] ?? 0n
    return (following()?.positions.page?.[partition] ?? 0n) >= end
  }
}
