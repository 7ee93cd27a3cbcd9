/** A log in memory, for the unit tests of what reads facts. */
import type { Following, FollowOptions, InRecord } from '@otn/bus'
import type { Codec, NotificationEvent } from '@otn/contracts'
import { commandId, eventId, pageId } from '@otn/kernel'
import type { FactSource } from './fact-reader.ts'

const PARTITIONS = 2

export interface FakeLog extends FactSource {
  /** Appends a fact and hands it to whoever follows. */
  append(fact: NotificationEvent, partition?: number): Promise<void>
  readonly ends: readonly bigint[]
  /** Offsets each following began at, in the order they began. */
  readonly begun: readonly (readonly bigint[])[]
  /** Ends every following with an error. */
  crash(error: Error): void
}

export function createFakeLog(codec: Codec): FakeLog {
  const log: InRecord[][] = Array.from({ length: PARTITIONS }, () => [])
  const followers = new Set<FollowOptions>()
  const begun: (readonly bigint[])[] = []
  const handled = new Map<FollowOptions, bigint[]>()
  const hand = async (options: FollowOptions, partition: number, records: readonly InRecord[]) => {
    if (records.length === 0) return
    handled.get(options)?.splice(partition, 1, (records.at(-1)?.offset ?? 0n) + 1n)
    const highWatermark = BigInt(log[partition]?.length ?? 0)
    const lease = { heartbeat: async () => {}, isStale: () => false }
    await options.onBatch({ topic: 'notification', partition, records, highWatermark, ...lease })
  }
  const follow = async (options: FollowOptions): Promise<Following> => {
    const from = options.from?.notification ?? [0n, 0n]
    begun.push(from)
    followers.add(options)
    handled.set(options, [...from])
    const caughtUp = (async () => {
      for (const [at, records] of log.entries()) {
        await hand(options, at, records.slice(Number(from[at] ?? 0n)))
      }
    })()
    return {
      caughtUp,
      isCaughtUp: true,
      isRunning: true,
      silentMs: 0,
      get positions() {
        return { notification: handled.get(options) ?? [] }
      },
      finished: caughtUp,
      close: async () => void followers.delete(options),
    }
  }
  return {
    follow,
    begun,
    get ends() {
      return log.map(({ length }) => BigInt(length))
    },
    append: async (fact, partition = 0) => {
      const offset = BigInt(log[partition]?.length ?? 0)
      const value = codec.encode('NotificationEvent', fact)
      const record = { offset, key: null, value, headers: {}, timestampMs: fact.at }
      log[partition]?.push(record)
      for (const options of followers) await hand(options, partition, [record])
    },
    crash: (error) => {
      for (const options of followers) options.onCrash(error)
      followers.clear()
    },
  }
}

/** What every fact of a test has. */
export function factBase(id: string, attempt: number) {
  return {
    eventId: eventId(`${id}-${attempt}`),
    commandId: commandId(id),
    pageId: pageId('1000'),
    commandDigest: 'd',
    attempt,
    at: 1_790_000_000_000 + attempt,
  } as const
}
