/** A log in memory, for the unit tests of commands that read it. */
import type { Bus, Following, FollowOptions, InRecord, OpenedLog, OutRecord } from '@otn/bus'
import {
  type Codec,
  codecInMemory,
  kafkaTopics,
  type PageEvent,
  type Records,
  type TopicAlias,
} from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { createVault, parseMasterKeys, type Vault } from '@otn/vault'
import { FAKE_ENV } from '../fake-shell.ts'

export interface FakeLog {
  readonly opened: OpenedLog
  /** Appends a record; `timestampMs` is the broker's time. */
  append<Name extends keyof Records>(
    topic: TopicAlias,
    record: {
      readonly name: Name
      readonly value: Records[Name]
      readonly timestampMs: number
      readonly headers?: Readonly<Record<string, string>>
    },
  ): void
  /** The same, as bytes. */
  records(topic: TopicAlias): readonly InRecord[]
  /** What stands there, in order. */
  values(topic: TopicAlias): readonly Records[keyof Records][]
}

const NOT_NEEDED = (): never => {
  throw new Error('not part of this fake')
}

/** One partition per Kafka topic. */
export function createFakeLog(codec: Codec): FakeLog {
  const log = new Map<TopicAlias, InRecord[]>()
  const recordsOf = (topic: TopicAlias) => log.get(topic) ?? []
  const follow = async (options: FollowOptions): Promise<Following> => {
    const finished = (async () => {
      for (const topic of options.topics) {
        const from = Number(options.from?.[topic]?.[0] ?? 0n)
        const records = recordsOf(topic).slice(from)
        if (records.length === 0) continue
        const highWatermark = BigInt(recordsOf(topic).length)
        const lease = { heartbeat: async () => {}, isStale: () => false }
        await options.onBatch({ topic, partition: 0, records, highWatermark, ...lease })
      }
    })()
    const state = { isCaughtUp: true, isRunning: false, silentMs: 0, positions: {} }
    return { caughtUp: finished, finished, ...state, close: async () => {} }
  }
  const written = (
    { topic, key, value, headers }: Omit<OutRecord, 'key'> & { readonly key: string | null },
    timestampMs: number,
  ) => {
    const offset = BigInt(recordsOf(topic).length)
    const bytes = key === null ? null : Buffer.from(key)
    const record = { offset, key: bytes, value, headers, timestampMs }
    log.set(topic, [...recordsOf(topic), record])
    return { topic, partition: 0, offset }
  }
  const ends = (topic: TopicAlias) => [BigInt(recordsOf(topic).length)]
  const bus: Bus = {
    follow,
    positions: {
      endOffsets: async (topic) => ends(topic),
      endOffsetsOf: async (topics) =>
        Object.fromEntries(topics.map((topic) => [topic, ends(topic)])) as never,
      startOffsets: async () => [0n],
      offsetsAt: async (topic, ms) => {
        const at = recordsOf(topic).findIndex(({ timestampMs }) => timestampMs >= ms)
        return at < 0 ? ends(topic) : [BigInt(at)]
      },
      clusterId: async () => 'fake',
    },
    close: async () => {},
    appender: () => ({
      append: async (records) => records.map((record) => written(record, Date.now())),
      get state() {
        return NOT_NEEDED()
      },
      close: async () => {},
    }),
    consume: NOT_NEEDED,
    topics: { apply: NOT_NEEDED, check: NOT_NEEDED },
    partitionOf: () => 0,
  }
  return {
    opened: { bus, codec },
    append: (topic, { name, value, timestampMs, headers = {} }) => {
      if (kafkaTopics[topic].record !== name) throw new Error(`${topic} carries no ${name}`)
      written({ topic, key: null, value: codec.encode(name, value), headers }, timestampMs)
    },
    records: recordsOf,
    values: (topic) =>
      recordsOf(topic).flatMap(({ value }) => {
        const decoded = codec.decode(kafkaTopics[topic].record, value)
        return decoded.kind === 'known' ? [decoded.value] : []
      }),
  }
}

/** The log of a deployment whose page 1000 was connected, and nothing else. */
export async function fakeLogWithPage(): Promise<FakeLog> {
  const log = createFakeLog(await codecInMemory())
  const about = { eventId: eventId('c'), pageId: pageId('1000'), at: 1 }
  const context = { record: 'PageEvent', eventId: about.eventId, owner: about.pageId }
  const sealed = fakeVault().seal({ accessToken: 'T' }, context)
  const value: PageEvent = { type: 'PageConnected', ...about, ...sealed, name: 'A', appId: '7' }
  log.append('page', { name: 'PageEvent', value, timestampMs: 1 })
  return log
}

/** With the keys of the pretend environment. */
export function fakeVault(): Vault {
  const parsed = parseMasterKeys(FAKE_ENV.OTN_MASTER_KEY)
  if ('fault' in parsed) throw new Error(parsed.fault)
  return createVault(parsed.keys)
}
