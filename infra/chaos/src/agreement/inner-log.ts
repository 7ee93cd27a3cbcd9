import type { Appender, OutRecord } from '@otn/bus'
import { kafkaTopics, type RecordOf, type Records, type TopicAlias } from '@otn/contracts'
import type { Bytes } from '../simulation/bytes.ts'

type Reader<Topic extends TopicAlias> = (value: Records[RecordOf<Topic>]) => Promise<void> | void

/** The log in one process: whoever reads a Kafka topic has read what is acknowledged. */
export class InnerLog {
  readonly #codec: Bytes['codec']
  readonly #readers = new Map<TopicAlias, Reader<never>[]>()

  constructor({ codec }: Pick<Bytes, 'codec'>) {
    this.#codec = codec
  }

  read<Topic extends TopicAlias>(topic: Topic, reader: Reader<Topic>): void {
    this.#readers.set(topic, [...(this.#readers.get(topic) ?? []), reader as Reader<never>])
  }

  readonly #append: Appender['append'] = async (records: readonly OutRecord[]) => {
    for (const { topic, value } of records) {
      const decoded = this.#codec.decode(kafkaTopics[topic].record, value)
      if (decoded.kind !== 'known') throw new Error(`${topic}: what was written is not read`)
      for (const reader of this.#readers.get(topic) ?? []) await reader(decoded.value as never)
    }
    return []
  }

  /** As a service that writes sees it. */
  get appender(): Appender {
    const counts = { queued: 0, queuedBytes: 0, oldestMs: 0, isReachable: true }
    const totals = { acknowledgedTotal: 0, resentTotal: 0, failedTotal: 0 }
    const state = { ...counts, ...totals, refusedPartitions: [], producersReplacedTotal: 0 }
    return { append: this.#append, close: async () => {}, state }
  }

  /** A fact of somebody whose service is not here. */
  async write<Topic extends TopicAlias>(
    topic: Topic,
    value: Records[RecordOf<Topic>],
  ): Promise<void> {
    const bytes = this.#codec.encode(kafkaTopics[topic].record, value)
    await this.#append([{ topic, key: '', value: bytes, headers: {} }])
  }
}
