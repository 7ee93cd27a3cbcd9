import type { InRecord, OutRecord, Positions } from '@otn/bus'
import type { TopicAlias } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { Climate } from './climate.ts'
import type { Faults } from './faults.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Wire } from './wire.ts'

export interface Place {
  readonly topic: TopicAlias
  readonly partition: number
}

interface KafkaParts {
  readonly scheduler: Scheduler
  readonly wire: Wire
  readonly random: Random
  readonly climate: () => Climate
  readonly faults: Faults
  readonly onRecord: (record: OutRecord, place: Place & { readonly offset: number }) => void
}

const TWO: ReadonlySet<TopicAlias> = new Set(['notify', 'notification', 'optIn'])

const notAcknowledged = () =>
  appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'no acknowledgement' })
const unreachable = () => appError('OTN_BUS_UNREACHABLE', { message: 'no broker' })

/** Kafka as its readers and writers see it: partitions, the order of append, late and lost acks. */
interface AppendOptions {
  readonly about: string
  /** Counted from the call on; what is under way by then may arrive. */
  readonly deadlineMs?: number
}

export class Kafka {
  readonly #parts: KafkaParts
  readonly #logs = new Map<TopicAlias, InRecord[][]>()
  readonly #waiting = new Map<string, (() => void)[]>()

  constructor(parts: KafkaParts) {
    this.#parts = parts
  }

  log({ topic, partition }: Place): InRecord[] {
    let logs = this.#logs.get(topic)
    if (logs === undefined) {
      logs = partitionsOf(topic).map(() => [])
      this.#logs.set(topic, logs)
    }
    return logs[partition] ?? []
  }

  /** What the bus of a process does: resolves when all records are acknowledged. */
  async append(
    actor: Actor,
    records: readonly OutRecord[],
    { about, deadlineMs = Number.POSITIVE_INFINITY }: AppendOptions,
  ): Promise<void> {
    const { wire, random, climate, faults, scheduler } = this.#parts
    const fromMs = scheduler.nowMs
    let isUnderWay = false
    const isPart = records.length > 1 && random.chance(climate().part)
    const [first, rest] = isPart ? [records.slice(0, 1), records.slice(1)] : [records, []]
    const write = () => {
      // The bus of a process that stood still sends nothing whose time is over.
      if (!isUnderWay && scheduler.nowMs - fromMs > deadlineMs) throw notAcknowledged()
      this.write(first)
      if (!random.chance(climate().twice)) return
      faults.strike('twice')
      this.write(first)
    }
    const call = { label: 'log.append', about, effect: write, error: notAcknowledged }
    await wire.call(actor, call).catch((error: unknown) => {
      // It may arrive all the same.
      isUnderWay = true
      throw error
    })
    // Partitions acknowledge for themselves: some may have, before one does not.
    if (rest.length === 0) return
    faults.strike('part')
    throw notAcknowledged()
  }

  write(records: readonly OutRecord[]): void {
    for (const record of records) {
      const partition = partitionOf(record.topic, record.key)
      const place = { topic: record.topic, partition }
      const log = this.log(place)
      const { value, headers } = record
      const key = Buffer.from(record.key)
      const offset = BigInt(log.length)
      log.push({ offset, key, value, headers, timestampMs: this.#parts.scheduler.nowMs })
      this.#parts.onRecord(record, { ...place, offset: log.length - 1 })
      const name = `${record.topic}/${partition}`
      const waiting = this.#waiting.get(name)
      this.#waiting.delete(name)
      for (const wake of waiting ?? []) wake()
    }
  }

  /** What was acknowledged is gone: a leader was elected that never had it. */
  lose(topic: TopicAlias): void {
    for (const log of this.#logs.get(topic) ?? []) log.length = 0
  }

  /** Resolves when there is something to read at this offset. */
  async arrival(actor: Actor, place: Place, offset: number): Promise<void> {
    if (this.log(place).length > offset) return
    const key = `${place.topic}/${place.partition}`
    await this.#parts.scheduler.idle(actor, `await ${key}`, (wake) => {
      const waiting = this.#waiting.get(key)
      if (waiting) waiting.push(wake)
      else this.#waiting.set(key, [wake])
    })
  }

  /** The end offsets, as a process asks for them. */
  positions(actor: Actor): Positions {
    const ends = (topic: TopicAlias) =>
      partitionsOf(topic).map((partition) => BigInt(this.log({ topic, partition }).length))
    const ask = <T>(effect: () => T) =>
      this.#parts.wire.call(actor, { label: 'log.ends', effect, error: unreachable, isRead: true })
    return {
      endOffsets: (topic) => ask(() => ends(topic)),
      endOffsetsOf: <Alias extends TopicAlias>(topics: readonly Alias[]) =>
        ask(
          () =>
            Object.fromEntries(
              topics.map((topic) => [topic, ends(topic)]),
            ) as unknown as EndsOf<Alias>,
        ),
      startOffsets: async (topic) => partitionsOf(topic).map(() => 0n),
      offsetsAt: async (topic) => partitionsOf(topic).map(() => 0n),
      clusterId: async () => 'simulated',
    }
  }
}

type EndsOf<Alias extends TopicAlias> = Readonly<Record<Alias, readonly bigint[]>>

const [ONE_PARTITION, TWO_PARTITIONS] = [[0], [0, 1]] as const

export function partitionsOf(topic: TopicAlias): readonly number[] {
  return TWO.has(topic) ? TWO_PARTITIONS : ONE_PARTITION
}

export function partitionOf(topic: TopicAlias, key: string): number {
  if (!TWO.has(topic)) return 0
  let sum = 0
  for (let index = 0; index < key.length; index += 1) sum += key.charCodeAt(index)
  return sum % 2
}
