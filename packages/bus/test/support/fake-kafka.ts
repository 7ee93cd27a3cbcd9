import type { LiveProducer } from '../../src/append/live-producer.ts'
import type { Pending } from '../../src/append/pending.ts'
import type { ReplyPart } from '../../src/append/settle-reply.ts'

/** What happens to one send, as kafkajs 2.2.4 was seen to behave. */
export type Fate =
  /** Written and told. */
  | 'good'
  /** Written, but the answer never comes and kafkajs gives up. */
  | 'lost-reply'
  /** Only every second partition is written; the reply leaves out the rest and says success. */
  | 'short-reply'
  /** Nothing is written, kafkajs rejects. */
  | 'refused'
  /** Neither answer nor end. */
  | 'silent'

/** Kafka behind producers, in memory: a log per partition, and faults as they are asked for. */
export class FakeKafka {
  readonly log = new Map<string, string[]>()
  /** Partitions that take nothing, `alias/partition`. */
  readonly unwritable = new Set<string>()
  /** Fates of the next sends, in order; then `good`. */
  readonly fates: Fate[] = []
  /** Most records of one partition that one send may carry. */
  recordsMax = Number.POSITIVE_INFINITY
  isReachable = true
  connects = 0
  sends = 0
  /** Every send's partitions. */
  readonly partitionsPerSend: (readonly string[])[] = []
  /** Set when one producer was asked to send while it was sending, or after it was abandoned. */
  misuse: string | undefined
  #open: (() => void)[] = []

  readonly connect = async (): Promise<LiveProducer> => {
    await Promise.resolve()
    if (!this.isReachable) throw new Error('connection refused')
    this.connects += 1
    let isSending = false
    let isAbandoned = false
    return {
      send: async (records) => {
        if (isSending) this.misuse = 'two sends at once'
        if (isAbandoned) this.misuse = 'a send after the producer was abandoned'
        isSending = true
        try {
          return await this.#send(records)
        } finally {
          isSending = false
        }
      },
      abandon: () => {
        isAbandoned = true
      },
      close: async () => {},
    }
  }

  /** Lets sends wait until they are let go; to see what gathers meanwhile. */
  hold(): void {
    this.#isHeld = true
  }

  letGo(): void {
    this.#isHeld = false
    this.step()
  }

  /** Lets go the sends that wait now; the next ones wait again. */
  step(): void {
    for (const open of this.#open.splice(0)) open()
  }

  #isHeld = false

  async #send(records: readonly Pending[]): Promise<readonly ReplyPart[]> {
    this.sends += 1
    const partitions = [...new Set(records.map((it) => `${it.topic}/${it.partition}`))]
    this.partitionsPerSend.push(partitions)
    const fate = this.fates.shift() ?? 'good'
    if (this.#isHeld) await new Promise<void>((resolve) => this.#open.push(resolve))
    await Promise.resolve()
    if (fate === 'silent') return new Promise(() => {})
    if (fate === 'refused') throw new Error('refused')
    const counts = Map.groupBy(records, (it) => `${it.topic}/${it.partition}`)
    if ([...counts.values()].some(({ length }) => length > this.recordsMax)) throw tooLarge()
    const isRefused = partitions.some((partition) => this.unwritable.has(partition))
    const kept = partitions.filter(
      (partition, index) =>
        !this.unwritable.has(partition) && (fate !== 'short-reply' || index % 2 === 0),
    )
    const reply = kept.map((partition) => this.#write(partition, records))
    if (fate === 'lost-reply' || isRefused) throw new Error('not every partition answered')
    return reply
  }

  #write(partition: string, records: readonly Pending[]): ReplyPart {
    const log = this.log.get(partition) ?? []
    this.log.set(partition, log)
    const baseOffset = String(log.length)
    const mine = records.filter((it) => `${it.topic}/${it.partition}` === partition)
    for (const { message } of mine) log.push(String(message.value))
    const topicName = mine[0]?.topicName ?? ''
    return { topicName, partition: mine[0]?.partition ?? -1, errorCode: 0, baseOffset }
  }
}

/** As kafkajs reports the broker's answer 10. */
function tooLarge(): Error {
  return Object.assign(new Error('the batch is too large'), { type: 'MESSAGE_TOO_LARGE' })
}
