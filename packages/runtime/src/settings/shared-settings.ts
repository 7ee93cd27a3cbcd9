import { createSecretKey, type KeyObject } from 'node:crypto'
import {
  choice,
  flag,
  integer,
  list,
  optionalText,
  optionalUrl,
  secret,
  text,
  url,
} from './setting.ts'

/** Settings that more than one service reads; each service adds its own beside them. */
export const modeSettings = {
  mode: choice({
    env: 'OTN_MODE',
    of: ['production', 'demo', 'test'],
    default: 'production',
    sentence: 'demo and test alone allow a virtual clock, fault points and one-broker replication.',
  }),
  clockUrl: optionalUrl({
    env: 'OTN_CLOCK_URL',
    protocols: ['http:', 'https:'],
    sentence: 'Virtual business clock to follow; refused in production mode.',
  }),
  faultPoints: optionalText({
    env: 'OTN_FAULT_POINTS',
    sentence:
      'Where to fail on purpose, action:point.side@pass (faults.md); refused in production mode.',
  }),
  logLevel: choice({
    env: 'OTN_LOG_LEVEL',
    of: ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    default: 'info',
    sentence: 'Lowest level that is logged.',
  }),
} as const

export const kafkaSettings = {
  kafkaBrokers: list({
    env: 'KAFKA_BROKERS',
    example: 'kafka-1:9092,kafka-2:9092',
    sentence: 'Brokers to start from, host:port.',
  }),
  kafkaSsl: flag({ env: 'KAFKA_SSL', default: 'false', sentence: 'Speak TLS to Kafka.' }),
  kafkaSslCaFile: optionalText({
    env: 'KAFKA_SSL_CA_FILE',
    sentence: 'PEM file of the authority that signed the brokers; the system store else.',
  }),
  kafkaSslCertFile: optionalText({
    env: 'KAFKA_SSL_CERT_FILE',
    sentence: 'PEM file of our own certificate, where the brokers ask for one.',
  }),
  kafkaSslKeyFile: optionalText({
    env: 'KAFKA_SSL_KEY_FILE',
    sentence: 'PEM file of its key, without a passphrase, readable by us alone.',
  }),
  kafkaSaslMechanism: choice({
    env: 'KAFKA_SASL_MECHANISM',
    of: ['none', 'plain', 'scram-sha-256', 'scram-sha-512'],
    default: 'none',
    sentence: 'How to log in to Kafka.',
  }),
  kafkaSaslUsername: optionalText({
    env: 'KAFKA_SASL_USERNAME',
    sentence: 'User at Kafka, where a mechanism is chosen.',
  }),
  kafkaSaslPassword: secret({
    env: 'KAFKA_SASL_PASSWORD',
    default: 'none',
    sentence: 'Password at Kafka, where a mechanism is chosen.',
  }),
  topicPrefix: optionalText({
    env: 'KAFKA_TOPIC_PREFIX',
    sentence: 'Put in front of every Kafka topic, group and subject; keeps deployments apart.',
  }),
  replicationFactor: integer({
    env: 'KAFKA_REPLICATION_FACTOR',
    min: 1,
    max: 9,
    default: '3',
    sentence: 'Copies of each Kafka topic; below 3 in demo and test mode only.',
  }),
  schemaRegistryUrl: optionalUrl({
    env: 'SCHEMA_REGISTRY_URL',
    protocols: ['http:', 'https:'],
    sentence: 'Confluent-compatible registry, asked for schema ids that the file does not name.',
  }),
  schemaRegistryUsername: optionalText({
    env: 'SCHEMA_REGISTRY_USERNAME',
    sentence: 'User at the schema registry, where it asks for one; in production over https only.',
  }),
  schemaRegistryPassword: secret({
    env: 'SCHEMA_REGISTRY_PASSWORD',
    default: 'none',
    sentence: 'Password at the schema registry, where a user is given.',
  }),
  schemaIdsFile: optionalText({
    env: 'SCHEMA_IDS_FILE',
    sentence: 'File with fingerprint → schema id, written by `pnpm otn schemas publish`.',
  }),
} as const

export const mongodbSettings = {
  mongodbUri: url({
    env: 'MONGODB_URI',
    protocols: ['mongodb:', 'mongodb+srv:'],
    example: 'mongodb://mongo-1:27017/?replicaSet=rs0',
    sentence: 'Replica set that holds the read models and the claims.',
  }),
  mongodbTlsCaFile: optionalText({
    env: 'MONGODB_TLS_CA_FILE',
    sentence: 'PEM file of the authority that signed MongoDB; given, MongoDB is spoken to by TLS.',
  }),
  mongodbUsername: optionalText({
    env: 'MONGODB_USERNAME',
    sentence: 'User at MongoDB, in place of one in MONGODB_URI.',
  }),
  mongodbPassword: secret({
    env: 'MONGODB_PASSWORD',
    default: 'none',
    sentence: 'Password at MongoDB, where MONGODB_USERNAME is given.',
  }),
  databasePrefix: text({
    env: 'MONGODB_DATABASE_PREFIX',
    pattern: /^[A-Za-z0-9_-]{1,32}$/,
    default: 'otn',
    sentence: 'Each service has the database <prefix>_<service>.',
  }),
} as const

const PEPPER_CHARACTERS_MIN = 8

export const identitySettings = {
  personPepper: secret({
    env: 'OTN_PERSON_PEPPER',
    check: (value) =>
      value.length < PEPPER_CHARACTERS_MIN
        ? `${value.length} characters, at least ${PEPPER_CHARACTERS_MIN} wanted`
        : null,
    sentence: 'Key of all pseudonyms; never rotates, for another one makes strangers of everybody.',
  }),
  masterKey: secret({
    env: 'OTN_MASTER_KEY',
    check: (value) => (value.includes(':') ? null : 'no id before ":"'),
    sentence: 'Roots of sealing, id:base64 of 32 bytes, newest first, separated by commas.',
  }),
} as const

export const apiKeySettings = {
  apiKeysFile: text({
    env: 'OTN_API_KEYS_FILE',
    example: '/run/secrets/api-keys.json',
    sentence: 'JSON list of { id, sha256, scopes }: who may call the HTTP API.',
  }),
} as const

/** For a service whose main work needs no key: its protected routes open to nobody without it. */
export const optionalApiKeySettings = {
  apiKeysFile: optionalText({
    env: 'OTN_API_KEYS_FILE',
    sentence:
      'The same list for /v1/webhook/health; without it that route answers 401 to everybody.',
  }),
} as const

/** Our app at Meta: whose webhooks are ours, and what proves that a call or a webhook is. */
export const metaSettings = {
  appId: text({
    env: 'META_APP_ID',
    example: '1234567890',
    sentence:
      'Our app: /webhook/<another id> is answered 404, the echo of another app proves nothing.',
  }),
  appSecret: secret({
    env: 'META_APP_SECRET',
    check: (value) => (appSecrets(value).includes('') ? 'an empty secret between commas' : null),
    sentence:
      'App secrets, newest first, by commas: any may sign a webhook, the first signs calls.',
  }),
} as const

/** The single secrets of `META_APP_SECRET`, newest first. */
export function appSecrets(list: string): readonly string[] {
  return list.split(',').map((part) => part.trim())
}

/** The pepper as the key object that all identities are derived with. */
export function pepperKey(pepper: { reveal(): string }): KeyObject {
  return createSecretKey(Buffer.from(pepper.reveal(), 'utf8'))
}
