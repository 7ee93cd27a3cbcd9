/** A log in memory whose broker may go away, for tests of what reads and writes it for good. */
import type { Appender, Bus, Following, FollowOptions, InRecord, OutRecord } from '@otn/bus'
import { type Codec, kafkaTopics } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Entry } from './story.ts'

const away = () => appError('OTN_BUS_UNREACHABLE', { message: 'the broker is away' })

/** One partition per Kafka topic; what is written is handed to whoever reads. */
export class FakeLog {
  readonly appended: OutRecord[] = []
  /** How often somebody began to read. */
  readings = 0
  readonly #codec: Codec
  readonly #records = new Map<string, InRecord[]>()
  #reader: FollowOptions | undefined
  #isAway = false

  constructor(codec: Codec) {
    this.#codec = codec
  }

  get bus(): Pick<Bus, 'follow' | 'appender'> {
    return { follow: (options) => this.#follow(options), appender: () => this.#appender() }
  }

  async write(entries: readonly Entry[]): Promise<void> {
    for (const { topic, key, value, timestampMs } of entries) {
      const bytes = this.#codec.encode(kafkaTopics[topic].record, value as never)
      await this.#take({ topic, key, value: bytes, headers: {} }, timestampMs)
    }
  }

  /** The broker goes: whoever reads is told so, and nobody gets through. */
  goAway(): void {
    this.#isAway = true
    this.#reader?.onCrash(away())
    this.#reader = undefined
  }

  comeBack(): void {
    this.#isAway = false
  }

  async #follow(options: FollowOptions): Promise<Following> {
    if (this.#isAway) throw away()
    this.readings += 1
    for (const topic of options.topics) {
      const from = Number(options.from?.[topic]?.[0] ?? 0n)
      for (const record of this.#of(topic).slice(from)) await hand(options, { topic, record })
    }
    this.#reader = options
    const positions = () =>
      Object.fromEntries([...this.#records].map(([topic, all]) => [topic, [BigInt(all.length)]]))
    return {
      ...{ caughtUp: Promise.resolve(), finished: new Promise(() => {}) },
      ...{ isCaughtUp: true, isRunning: true, silentMs: 0.5 },
      get positions() {
        return positions()
      },
      close: async () => {},
    }
  }

  #appender(): Appender {
    const append: Appender['append'] = async (records) => {
      if (this.#isAway) throw away()
      for (const record of records) {
        this.appended.push(record)
        await this.#take(record, 0)
      }
      return []
    }
    return { append, close: async () => {} } as unknown as Appender
  }

  async #take({ topic, key, value }: OutRecord, timestampMs: number): Promise<void> {
    const offset = BigInt(this.#of(topic).length)
    const record = { offset, key: Buffer.from(key), value, headers: {}, timestampMs }
    this.#records.set(topic, [...this.#of(topic), record])
    if (this.#reader) await hand(this.#reader, { topic, record })
  }

  #of(topic: string): readonly InRecord[] {
    return this.#records.get(topic) ?? []
  }
}

async function hand(
  { onBatch }: FollowOptions,
  { topic, record }: { readonly topic: OutRecord['topic']; readonly record: InRecord },
): Promise<void> {
  const lease = { heartbeat: async () => {}, isStale: () => false }
  const highWatermark = record.offset + 1n
  await onBatch({ topic, partition: 0, records: [record], highWatermark, ...lease })
}
