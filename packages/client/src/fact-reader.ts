import type { Batch, Bus, BusLog, Following } from '@otn/bus'
import { type Codec, inNotificationWords, type NotificationEvent } from '@otn/contracts'

/** The part of the bus that reads facts. */
export type FactSource = Pick<Bus, 'follow'>

/** Kafka topics whose facts tell what became of a command. */
export type FactStream = 'notification' | 'optInRequestEvent'

export interface FactReading {
  readonly topic: FactStream
  readonly bus: FactSource
  readonly codec: Codec
  readonly log: BusLog
  /** Next offset per partition to begin at. */
  readonly from: readonly bigint[]
  /** `end`: finish at the end offsets read at the start. */
  readonly until?: 'end'
  /** Those of an opt-in request come in the words of a notification. */
  readonly onFact: (fact: NotificationEvent) => void
  readonly onCrash: (error: Error) => void
}

/** Follows the facts of one kind of commands, decoded; types younger than this build are passed. */
export async function followFacts(reading: FactReading): Promise<Following> {
  const { bus, topic, from, until, onCrash } = reading
  const onBatch = async (batch: Batch): Promise<void> => {
    for (const { value } of batch.records) await handOver(value, reading)
  }
  return bus.follow({
    topics: [topic],
    from: { [topic]: from },
    ...(until ? { until } : {}),
    onBatch,
    onCrash,
  })
}

async function handOver(value: Buffer | null, reading: FactReading): Promise<void> {
  const { codec, log, onFact } = reading
  const decoded = decode(value, reading)
  switch (decoded.kind) {
    case 'known':
      return onFact(decoded.value)
    case 'unknown-type':
      return
    case 'unknown-schema': {
      const { schemaId } = decoded
      if (await codec.learn(schemaId)) return handOver(value, reading)
      return log.warn({ event: 'fact.unreadable', schemaId }, 'no schema is known under this id')
    }
    case 'unreadable':
      return log.warn({ event: 'fact.unreadable', reason: decoded.reason }, 'a fact is unreadable')
  }
}

function decode(value: Buffer | null, { codec, topic }: FactReading) {
  if (topic === 'notification') return codec.decode('NotificationEvent', value)
  const decoded = codec.decode('OptInRequestEvent', value)
  if (decoded.kind !== 'known') return decoded
  return { kind: 'known' as const, value: inNotificationWords(decoded.value) }
}
