import { join } from 'node:path'
import type { ChosenPort, EnginesOptions } from '@otn/engines'
import type { StackSettings } from './stack-settings.ts'

export interface EngineWish {
  readonly settings: StackSettings
  readonly keepData: boolean
  readonly say: (line: string) => void
  readonly brokers?: 1 | 3
}

/** Which engines to start, where, and which are given. */
export function engineOptions({
  settings,
  keepData,
  say,
  brokers = 1,
}: EngineWish): EnginesOptions {
  const { home, kafkaBrokers, mongodbUri, schemaRegistryUrl } = settings
  const chosen = (setting: string, port: number): ChosenPort | undefined =>
    port === 0 ? undefined : { setting, port }
  const kafkaPort = chosen('KAFKA_PORT', settings.kafkaPort)
  const mongodbPort = chosen('MONGODB_PORT', settings.mongodbPort)
  return {
    dataDir: keepData ? join(home, 'data') : undefined,
    log: say,
    kafka: {
      brokers,
      kafkaBrokers: kafkaBrokers === null ? undefined : kafkaBrokers.split(','),
      ...(kafkaPort ? { ports: [kafkaPort] } : {}),
    },
    mongodb: {
      mongodbUri: mongodbUri ?? undefined,
      ...(mongodbPort ? { ports: [mongodbPort] } : {}),
    },
    registry: {
      schemaRegistryUrl: schemaRegistryUrl ?? undefined,
      port: chosen('SCHEMA_REGISTRY_PORT', settings.registryPort),
    },
  }
}
