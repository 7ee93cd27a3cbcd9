import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { appError } from '@otn/kernel'
import { describeFaults, readSettings, type SettingFault, setting, type Values } from '@otn/runtime'
import { serviceFaults } from './service-faults.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')

const port = (env: string, part: string) =>
  setting.integer({
    env,
    min: 0,
    max: 65_535,
    default: '0',
    sentence: `Loopback port of ${part}; 0 takes a free one.`,
  })

const address = (env: string, part: string, protocols: readonly string[]) =>
  setting.optionalUrl({ env, protocols, sentence: `A running ${part}: then none is started.` })

/** Settings of the development stack; the services' own are made from them. */
export const stackSettings = {
  home: setting.text({
    env: 'OTN_HOME',
    default: '.otn',
    sentence: 'Folder for data, logs and addresses of the stack, from the repository on.',
  }),
  kafkaBrokers: setting.optionalText({
    env: 'KAFKA_BROKERS',
    sentence: 'A running Kafka, host:port with commas between: then none is started.',
  }),
  mongodbUri: address('MONGODB_URI', 'MongoDB replica set', ['mongodb:', 'mongodb+srv:']),
  schemaRegistryUrl: address('SCHEMA_REGISTRY_URL', 'schema registry', ['http:', 'https:']),
  graphBaseUrl: address('GRAPH_BASE_URL', 'Graph API', ['http:', 'https:']),
  pagesFile: setting.optionalText({
    env: 'OTN_PAGES_FILE',
    sentence: 'Pages to import; required where GRAPH_BASE_URL is given.',
  }),
  topicPrefix: setting.optionalText({
    env: 'KAFKA_TOPIC_PREFIX',
    sentence: 'Put in front of every Kafka topic, group and subject.',
  }),
  databasePrefix: setting.text({
    env: 'MONGODB_DATABASE_PREFIX',
    default: 'otn',
    sentence: 'Each service has the database <prefix>_<service>.',
  }),
  replicationFactor: setting.integer({
    env: 'KAFKA_REPLICATION_FACTOR',
    min: 1,
    max: 9,
    default: '1',
    sentence: 'Copies of each Kafka topic.',
  }),
  ingressPort: port('INGRESS_PORT', 'the ingress'),
  ledgerPort: port('LEDGER_PORT', 'the token-ledger'),
  dispatcherPort: port('DISPATCHER_PORT', 'the dispatcher'),
  pagesPort: port('REGISTRY_PORT', 'the page registry'),
  simulatorPort: port('SIMULATOR_PORT', 'the simulator'),
  kafkaPort: port('KAFKA_PORT', 'the Kafka that is started'),
  mongodbPort: port('MONGODB_PORT', 'the MongoDB that is started'),
  registryPort: port('SCHEMA_REGISTRY_PORT', 'the schema registry that is started'),
  appId: setting.optionalText({
    env: 'META_APP_ID',
    sentence: 'App id; the simulator has its own.',
  }),
  appSecret: setting.optionalText({
    env: 'META_APP_SECRET',
    sentence: 'App secret, where GRAPH_BASE_URL is given.',
  }),
  callbackUrl: setting.optionalUrl({
    env: 'REGISTRY_CALLBACK_URL',
    protocols: ['http:', 'https:'],
    sentence: 'Where the platform reaches the ingress, where GRAPH_BASE_URL is given.',
  }),
  verifyToken: setting.optionalText({
    env: 'META_VERIFY_TOKEN',
    sentence: 'Verify token of the webhook, where GRAPH_BASE_URL is given.',
  }),
} as const

export type StackSettings = Values<typeof stackSettings>

/**
 * Reads the stack's settings, and those that go through to the services.
 * @throws OTN_CONFIG_INVALID with every fault at once, before anything was started
 */
export function readStackSettings(env: NodeJS.ProcessEnv): StackSettings {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  const read = readSettings(stackSettings, { env, readFile })
  const own = [
    ...('faults' in read ? read.faults : []),
    ...contradictions(env),
    ...pagesFileFaults(env.OTN_PAGES_FILE, readFile),
  ]
  const byName = new Map([...serviceFaults(env), ...own].map((fault) => [fault.env, fault]))
  const faults = [...byName.values()]
  if ('values' in read && faults.length === 0) {
    return { ...read.values, home: resolve(REPOSITORY, read.values.home) }
  }
  throw appError('OTN_CONFIG_INVALID', { message: describeFaults(faults) })
}

/** Looked into before anything starts; what the pages themselves lack, their import says. */
function pagesFileFaults(
  path: string | undefined,
  readFile: (path: string) => string,
): readonly SettingFault[] {
  if (!path) return []
  const fault = (got: string) => {
    const wanted = 'a readable file that holds a JSON list of pages'
    return [{ env: 'OTN_PAGES_FILE', got, wanted, example: 'pages.json' }]
  }
  try {
    return Array.isArray(JSON.parse(readFile(path))) ? [] : fault('JSON that is no list')
  } catch (error) {
    return fault(error instanceof SyntaxError ? 'no JSON' : 'a file that cannot be read')
  }
}

/** With a Graph API that is given no simulator starts, so what it would have made must be given. */
function contradictions(env: NodeJS.ProcessEnv): readonly SettingFault[] {
  if (!env.GRAPH_BASE_URL) return []
  const needed = ['OTN_PAGES_FILE', 'META_APP_ID', 'META_APP_SECRET', 'META_VERIFY_TOKEN']
  return needed
    .filter((name) => !env[name])
    .map((name) => ({
      env: name,
      got: 'missing, though GRAPH_BASE_URL is given and no simulator starts',
      wanted: 'a value',
      example: name === 'OTN_PAGES_FILE' ? 'pages.json' : '…',
    }))
}
