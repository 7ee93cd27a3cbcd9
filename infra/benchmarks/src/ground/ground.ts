/**
 * What benchmarks of services stand on: engines, started once for all of them, and for each a
 * deployment of its own on them, whose services are started one by one where they can be measured.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engines, freePort, startEngines } from '@otn/engines'
import { type Deployment, prepareLog, stackSecrets, writeApiKeys } from '@otn/stack'

/** Pages of every deployment. */
export const PAGES = ['104850000000001', '104850000000002', '104850000000003'] as const
/** What people agree to hear about. */
export const TOPIC = 'restock-1234'
/** Bearer of each page, as long as real ones. */
const ACCESS_TOKEN = `EAAB${'x'.repeat(180)}`

export interface Ground extends AsyncDisposable {
  /** Kafka topics, schemas, pages, database of its own; no service runs yet. */
  deploy(name: string, wish?: DeployWish): Promise<Deployment>
}

export interface DeployWish {
  /** Where the dispatcher calls. */
  readonly graphUrl?: string
}

/** Engines that run already; what is not given is started. */
export interface GivenEngines {
  readonly kafkaBrokers?: readonly string[] | undefined
  readonly mongodbUri?: string | undefined
  readonly schemaRegistryUrl?: string | undefined
}

/** Engines start with the first deployment. */
export function openGround(say: (line: string) => void, given: GivenEngines): Ground {
  const home = mkdtempSync(join(tmpdir(), 'otn-bench-'))
  let engines: Promise<Engines> | undefined
  return {
    deploy: async (name, wish = {}) => {
      engines ??= startEngines(enginesOf(given, say))
      return await deployOn(await engines, { name, home, ...wish })
    },
    [Symbol.asyncDispose]: async () => {
      await (await engines)?.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function enginesOf(
  { kafkaBrokers, mongodbUri, schemaRegistryUrl }: GivenEngines,
  log: (line: string) => void,
) {
  return { log, kafka: { kafkaBrokers }, mongodb: { mongodbUri }, registry: { schemaRegistryUrl } }
}

interface Place extends DeployWish {
  readonly name: string
  readonly home: string
}

async function deployOn(
  engines: Engines,
  { name, home: parent, graphUrl = 'http://127.0.0.1:9' }: Place,
): Promise<Deployment> {
  const id = `bench-${name}-${randomBytes(3).toString('hex')}`
  const home = join(parent, id)
  mkdirSync(join(home, 'logs'), { recursive: true })
  const secrets = stackSecrets(home)
  const deployment: Deployment = {
    ...secrets,
    home,
    kafkaBrokers: engines.kafkaBrokers,
    mongodbUri: engines.mongodbUri,
    schemaRegistryUrl: engines.schemaRegistryUrl,
    schemaIdsFile: join(home, 'schema-ids.json'),
    topicPrefix: `${id}.`,
    databasePrefix: id,
    replicationFactor: 1,
    graphUrl,
    clockUrl: null,
    apiKeysFile: writeApiKeys(home, secrets.apiKey),
    ports: {
      ingress: await freePort(),
      'token-ledger': await freePort(),
      dispatcher: await freePort(),
      'page-registry': await freePort(),
    },
  }
  const pagesFile = join(home, 'pages.json')
  writeFileSync(pagesFile, JSON.stringify(PAGES.map((page) => pageOf(page, secrets.appId))))
  await prepareLog(deployment, { simulatorUrl: null, pagesFile })
  return deployment
}

function pageOf(pageId: string, appId: string) {
  const topicRules = [{ ruleId: 'identity', kind: 'identity', priority: 100 }]
  const named = { pageId, name: `Page ${pageId}`, appId, accessToken: ACCESS_TOKEN }
  return { ...named, topics: [{ topic: TOPIC }], topicRules }
}
