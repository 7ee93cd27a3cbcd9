import { type Bus, type BusOptions, createBus, silentLog } from '@otn/bus'
import { type Codec, createCodec, createRegistryClient, findSchemaIds } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { FactStream } from './fact-reader.ts'
import type { NotifierOptions } from './notifier-options.ts'
import { type RecentEnd, recentEnd } from './recent-end.ts'

export interface Connection {
  readonly bus: Bus
  readonly codec: Codec
  readonly factsEnd: Readonly<Record<FactStream, RecentEnd>>
}

export const CLOSE_MS = 5_000

/** Reaches registry and Kafka once, so that a wrong address shows at the start. */
export async function connect(options: NotifierOptions): Promise<Connection> {
  const codec = await findCodec(options)
  const bus = createBus(busOptions(options))
  const endOf = (topic: FactStream) => recentEnd(() => bus.positions.endOffsets(topic))
  const factsEnd = {
    notification: endOf('notification'),
    optInRequestEvent: endOf('optInRequestEvent'),
  }
  try {
    await factsEnd.notification()
    return { bus, codec, factsEnd }
  } catch (error) {
    await bus.close(CLOSE_MS)
    throw error
  }
}

async function findCodec({ schemaRegistryUrl, schemaIds, kafka }: NotifierOptions): Promise<Codec> {
  const registry = schemaRegistryUrl ? { registry: createRegistryClient(schemaRegistryUrl) } : {}
  const file = schemaIds ? { file: schemaIds } : {}
  const found = await findSchemaIds({ ...registry, ...file, topicPrefix: kafka.topicPrefix ?? '' })
  if ('ids' in found) return createCodec(found.ids)
  const message = `createNotifier: ${found.faults.join('; ')}`
  throw appError('OTN_CONFIG_INVALID', { message, details: { faults: found.faults } })
}

function busOptions({ kafka, source, log }: NotifierOptions): BusOptions {
  const { brokers, ssl, sasl, topicPrefix } = kafka
  return {
    brokers,
    clientId: `otn-client-${source}`,
    log: log ?? silentLog,
    ...(topicPrefix === undefined ? {} : { topicPrefix }),
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  }
}
