import { readFileSync } from 'node:fs'
import type { LogSettings } from '@otn/bus'
import type { KafkaConnection, NotifierOptions } from '@otn/client'
import { readSchemaIds } from './schema-ids-file.ts'

/** The client's options out of the settings that services use. */
export function notifierOptions(settings: LogSettings): NotifierOptions {
  const { kafkaBrokers: brokers, topicPrefix, schemaRegistryUrl, schemaIdsFile } = settings
  const prefix = topicPrefix === null ? {} : { topicPrefix }
  return {
    kafka: { brokers, ...prefix, ...tls(settings), ...login(settings) },
    ...(schemaRegistryUrl === null ? {} : { schemaRegistryUrl }),
    ...(schemaIdsFile === null ? {} : { schemaIds: readSchemaIds(schemaIdsFile) }),
    source: 'otn-cli',
  }
}

function tls({ kafkaSsl, kafkaSslCaFile }: LogSettings): Pick<KafkaConnection, 'ssl'> {
  if (!kafkaSsl) return {}
  return { ssl: kafkaSslCaFile === null ? true : { ca: readFileSync(kafkaSslCaFile) } }
}

function login(settings: LogSettings): Pick<KafkaConnection, 'sasl'> {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername, kafkaSaslPassword } = settings
  if (mechanism === 'none') return {}
  const password = kafkaSaslPassword.reveal()
  return { sasl: { mechanism, username: kafkaSaslUsername ?? '', password } }
}
