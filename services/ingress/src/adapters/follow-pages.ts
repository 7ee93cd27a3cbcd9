import { setTimeout as delay } from 'node:timers/promises'
import type { Batch, Bus, Following, InRecord } from '@otn/bus'
import type { Codec, PageEvent } from '@otn/contracts'
import type { Tell } from '../ports.ts'

const REGISTRY_RETRY_MS = 1_000

export interface FollowPages {
  readonly bus: Bus
  readonly codec: Codec
  readonly tell: Tell
  readonly onPageEvent: (event: PageEvent) => void
  /** Told when the following ends later: what is known of pages would get old. */
  readonly fail: (error: Error) => void
}

/**
 * Hands over every page event from the first on, in this process alone; never in a request.
 * Resolves when every event up to now was handed over.
 * @throws what `onPageEvent` threw, OTN_BUS_UNREACHABLE
 */
export async function followPages(options: FollowPages): Promise<Following> {
  const { bus, fail } = options
  const crashed = Promise.withResolvers<never>()
  const state = { fault: undefined as unknown, isKnown: false }
  const following = await bus.follow({
    topics: ['page'],
    onBatch: async (batch) => {
      try {
        await handOver(batch, options)
      } catch (error) {
        // It says more than the crash it leads to.
        state.fault ??= error
        throw error
      }
    },
    onCrash: (error) => {
      const fault = state.fault instanceof Error ? state.fault : error
      if (state.isKnown) fail(fault)
      else crashed.reject(fault)
    },
  })
  await Promise.race([following.caughtUp, crashed.promise])
  state.isKnown = true
  return following
}

async function handOver(batch: Batch, options: FollowPages): Promise<void> {
  for (const record of batch.records) {
    if (batch.isStale()) return
    const event = await read(record, options)
    if (event) options.onPageEvent(event)
  }
}

/** The event of a record; null where this build cannot use it. Waits while the registry is away. */
async function read(
  record: InRecord,
  { codec, tell }: Pick<FollowPages, 'codec' | 'tell'>,
): Promise<PageEvent | null> {
  for (;;) {
    const decoded = codec.decode('PageEvent', record.value)
    switch (decoded.kind) {
      case 'known':
        return decoded.value
      case 'unknown-type':
        return null
      case 'unreadable':
        tell.pageEventUnusable(`page event at offset ${record.offset}: ${decoded.detail}`)
        return null
      case 'unknown-schema': {
        const learned = await codec.learn(decoded.schemaId).catch(() => 'registry-away' as const)
        if (learned === false) {
          tell.pageEventUnusable(`page event at offset ${record.offset}: unknown schema id`)
          return null
        }
        if (learned === 'registry-away') await delay(REGISTRY_RETRY_MS)
      }
    }
  }
}
