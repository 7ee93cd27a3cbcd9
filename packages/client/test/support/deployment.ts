import { type Bus, createBus } from '@otn/bus'
import {
  type Codec,
  createCodec,
  createRegistryClient,
  findSchemaIds,
  publishSchemas,
} from '@otn/contracts'
import type { TestScope } from '@otn/testing'

const CLOSE_MS = 5_000

/** Kafka topics and schemas as a deployment has them, and a way to write what services write. */
export interface Deployment extends AsyncDisposable {
  readonly bus: Bus
  readonly codec: Codec
}

export async function createDeployment(scope: TestScope): Promise<Deployment> {
  const { kafkaBrokers: brokers, prefix: topicPrefix, schemaRegistryUrl } = scope
  const bus = createBus({ brokers, clientId: 'test-deployment', topicPrefix })
  const registry = createRegistryClient(schemaRegistryUrl, 60_000)
  const copies = { replicationFactor: 1, minInsyncReplicas: 1, allowFewReplicas: true }
  await Promise.all([bus.topics.apply(copies), publishSchemas(registry, topicPrefix)])
  const found = await findSchemaIds({ registry, topicPrefix })
  if ('faults' in found) throw new Error(found.faults.join('; '))
  const codec = createCodec(found.ids)
  return { bus, codec, [Symbol.asyncDispose]: () => bus.close(CLOSE_MS) }
}
