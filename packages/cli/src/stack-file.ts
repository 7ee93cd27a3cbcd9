import { dirname, join } from 'node:path'
import { CliError, exitCodes } from './exit-code.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Addresses and keys that `pnpm stack up` left, in the words of the environment. */
export interface StackValues {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
  readonly pages: readonly string[]
}

export interface StackPlace {
  readonly cwd: string
  readonly env: Environment
  /** Null where there is no such file, or it cannot be read. */
  readonly readFile: (path: string) => string | null
}

interface Found {
  readonly path: string
  readonly text: string
}

/** Field of stack.json → setting. */
const SETTINGS: Readonly<Record<string, string>> = {
  kafkaBrokers: 'KAFKA_BROKERS',
  topicPrefix: 'KAFKA_TOPIC_PREFIX',
  schemaRegistryUrl: 'SCHEMA_REGISTRY_URL',
  schemaIdsFile: 'SCHEMA_IDS_FILE',
  ingressUrl: 'OTN_INGRESS_URL',
  ledgerUrl: 'OTN_LEDGER_URL',
  dispatcherUrl: 'OTN_DISPATCHER_URL',
  registryUrl: 'OTN_PAGES_URL',
  simulatorUrl: 'OTN_SIMULATOR_URL',
  mongodbUri: 'MONGODB_URI',
  databasePrefix: 'MONGODB_DATABASE_PREFIX',
  graphUrl: 'GRAPH_BASE_URL',
  appId: 'META_APP_ID',
  appSecret: 'META_APP_SECRET',
  personPepper: 'OTN_PERSON_PEPPER',
  masterKey: 'OTN_MASTER_KEY',
  apiKey: 'OTN_API_KEY',
}

/** A stack is one broker on one machine. */
const STACK_MODE = { OTN_MODE: 'demo', KAFKA_REPLICATION_FACTOR: '1' }

/**
 * What the nearest `.otn/stack.json` says, from the working folder upwards; null without one.
 * `OTN_HOME` names the folder of the stack, as it does for `pnpm stack`.
 */
export function readStack({ cwd, env, readFile }: StackPlace): StackValues | null {
  const found = nearest(cwd, { env, readFile })
  if (found === null) return null
  const { path, text } = found
  const content = parse(path, text)
  const given = Object.entries(SETTINGS).flatMap(([field, name]) => {
    const value = textOf(content[field])
    return value === '' ? [] : [[name, value] as const]
  })
  return { path, env: { ...STACK_MODE, ...Object.fromEntries(given) }, pages: pageIds(content) }
}

function nearest(folder: string, place: Omit<StackPlace, 'cwd'>): Found | null {
  const { env, readFile } = place
  const path = join(env.OTN_HOME ?? join(folder, '.otn'), 'stack.json')
  const text = readFile(path)
  if (text !== null) return { path, text }
  if (env.OTN_HOME !== undefined) return null
  const above = dirname(folder)
  return above === folder ? null : nearest(above, place)
}

function parse(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null) return { ...content }
  } catch {
    // Said below: what is no JSON and what is no object end the same way.
  }
  throw new CliError(exitCodes.configuration, `${path} is not the JSON that pnpm stack up writes`)
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : ''
}

function pageIds({ pages }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!Array.isArray(pages)) return []
  return pages.flatMap((page: { readonly pageId?: unknown }) => textOf(page?.pageId) || [])
}
