/**
 * A cell: one deployment of everything on its own prefix, with its own Meta, its own people and its
 * own log. What is done to it touches no other cell, unless the ground is what breaks.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type Keeper, startKeeper } from '@otn/engines'
import type { Simulator } from '@otn/meta-simulator'
import {
  type Deployment,
  logSettings,
  prepareLog,
  type ServicePlan,
  servicePlans,
  stackSecrets,
  writeApiKeys,
} from '@otn/stack'
import { type FaultProxy, faultProxy } from '@otn/testing'
import type { CellOptions, Clocked, Link } from './cell-options.ts'
import type { Ground } from './ground.ts'
import { keepLogs } from './keep-logs.ts'
import { limitsFor } from './limits.ts'
import { type LogWatch, watchLog } from './log-watch.ts'
import { startMeta } from './meta.ts'
import { type OwnClock, openOwnClock } from './own-clock.ts'
import { profileSettings } from './profile.ts'
import { ServiceUnderFire } from './service-under-fire.ts'
import { openTraffic, type Traffic } from './traffic.ts'

export interface Cell extends AsyncDisposable {
  readonly options: CellOptions
  readonly ground: Ground
  readonly home: string
  readonly deployment: Deployment
  readonly meta: Simulator
  readonly services: Readonly<Record<Clocked, ServiceUnderFire>>
  /** Beside `services.dispatcher`, where two were asked for. */
  readonly secondDispatcher: ServiceUnderFire | null
  readonly links: Readonly<Partial<Record<Link, FaultProxy>>>
  readonly clocks: Readonly<Partial<Record<Clocked, OwnClock>>>
  readonly log: LogWatch
  readonly traffic: Traffic
}

export async function openCell(ground: Ground, options: CellOptions): Promise<Cell> {
  const home = mkdtempSync(join(tmpdir(), `otn-cell-${options.name}-`))
  const keeper = startKeeper({ remove: null })
  const undo: (() => Promise<unknown>)[] = [
    async () => rmSync(home, { recursive: true, force: true }),
    () => keeper.end(),
  ]
  const close = async () => {
    for (const step of undo.toReversed()) await step()
    undo.length = 0
  }
  try {
    return await fill({ ground, options, home, keeper, undo, close })
  } catch (error) {
    keepLogs(home, options)
    await close()
    throw error
  }
}

interface Opening {
  readonly ground: Ground
  readonly options: CellOptions
  readonly home: string
  readonly keeper: Keeper
  readonly undo: (() => Promise<unknown>)[]
  readonly close: () => Promise<void>
}

async function fill({ ground, options, home, keeper, undo, close }: Opening): Promise<Cell> {
  mkdirSync(join(home, 'logs'))
  const secrets = stackSecrets(home)
  const meta = await startMeta({ seed: `${options.name}-${options.seed}`, secrets })
  undo.push(() => meta.close())
  const deployment = await deploymentOf({ ground, options, home, meta, secrets })
  const { simulatorUrl } = meta
  await prepareLog(deployment, { simulatorUrl, pagesFile: null })
  const links: Cell['links'] = options.isProxied ? await openLinks(ground, deployment, meta) : {}
  undo.push(async () => Promise.all(Object.values(links).map((proxy) => proxy.stop())))
  const clocks: Cell['clocks'] = options.hasOwnClocks ? await openClocks() : {}
  undo.push(async () => Promise.all(Object.values(clocks).map((clock) => clock.close())))
  const { services, secondDispatcher } = await startServices({
    ...{ keeper, deployment, options, links, clocks, ground, undo },
  })
  const callbackUrl = `${urlOr(links['meta-ingress'], services.ingress.url)}/webhook`
  await meta.registerWebhook({ callbackUrl })
  // The drill reads and writes by the brokers' own addresses: nobody hurts the judge.
  const direct = { ...deployment, kafkaBrokers: ground.engines.kafkaBrokers }
  const { replicationFactor } = ground
  const watching = { name: options.name, limits: limitsFor(replicationFactor) }
  const log = await watchLog(logSettings(direct, replicationFactor), watching)
  undo.push(async () => log[Symbol.asyncDispose]())
  const traffic = openTraffic({ options, meta, log, deployment, dispatcher: services.dispatcher })
  undo.push(() => traffic.stop())
  const parts = {
    options,
    ground,
    home,
    deployment,
    meta,
    services,
    secondDispatcher,
    links,
    clocks,
  }
  return { ...parts, log, traffic, [Symbol.asyncDispose]: close }
}

interface DeploymentParts extends Pick<Opening, 'ground' | 'options' | 'home'> {
  readonly meta: Simulator
  readonly secrets: ReturnType<typeof stackSecrets>
}

async function deploymentOf(parts: DeploymentParts): Promise<Deployment> {
  const { ground, options, home, meta, secrets } = parts
  const ports = { ingress: await freePort(), 'token-ledger': await freePort() }
  return {
    ...secrets,
    home,
    kafkaBrokers: ground.kafkaBrokers,
    mongodbUri: ground.engines.mongodbUri,
    schemaRegistryUrl: ground.engines.schemaRegistryUrl,
    schemaIdsFile: join(home, 'schema-ids.json'),
    topicPrefix: `${options.name}.`,
    databasePrefix: options.name,
    replicationFactor: ground.replicationFactor,
    graphUrl: meta.graphUrl,
    clockUrl: meta.clockUrl,
    apiKeysFile: writeApiKeys(home, secrets.apiKey),
    ports: { ...ports, dispatcher: await freePort(), 'page-registry': 0 },
  }
}

const toAddress = (url: string): string => new URL(url).host

async function openLinks(
  ground: Ground,
  { ports }: Deployment,
  meta: Simulator,
): Promise<Readonly<Record<Link, FaultProxy>>> {
  const mongodb = toAddress(ground.engines.mongodbUri)
  const targets = {
    'meta-ingress': `127.0.0.1:${ports.ingress}`,
    'ledger-mongodb': mongodb,
    'dispatcher-mongodb': mongodb,
    'dispatcher-ledger': `127.0.0.1:${ports['token-ledger']}`,
    'dispatcher-graph': toAddress(meta.graphUrl),
  } as const
  const opened = Object.entries(targets).map(async ([link, target]) => {
    return [link, await faultProxy({ target })] as const
  })
  return Object.fromEntries(await Promise.all(opened)) as Record<Link, FaultProxy>
}

interface Starting extends Pick<Opening, 'keeper' | 'options' | 'ground' | 'undo'> {
  readonly deployment: Deployment
  readonly links: Cell['links']
  readonly clocks: Cell['clocks']
}

async function startServices(
  parts: Starting,
): Promise<Pick<Cell, 'services' | 'secondDispatcher'>> {
  const { keeper, deployment, options, undo } = parts
  const settings = profileSettings(options.profile)
  const plans = servicePlans(deployment, settings)
    // Nothing that the drill breaks goes through the page registry.
    .filter(({ name }) => name !== 'page-registry')
    .map((plan) => linked(plan, parts))
  const all = plans.map((plan) => new ServiceUnderFire(keeper, plan))
  const [ingress, ledger, dispatcher] = all
  if (!ingress || !ledger || !dispatcher) throw new Error('a deployment has three services')
  const second = plans[2] && options.dispatchers === 2 ? await secondOf(plans[2]) : null
  const secondDispatcher = second && new ServiceUnderFire(keeper, second)
  const started = secondDispatcher ? [...all, secondDispatcher] : all
  undo.push(() => Promise.all(started.map((service) => service.stop())))
  await Promise.all(started.map((service) => service.start()))
  await Promise.all(started.map((service) => service.untilReady()))
  return { services: { ingress, 'token-ledger': ledger, dispatcher }, secondDispatcher }
}

/** Another process of the same service, on a port and with a log of its own. */
async function secondOf(plan: ServicePlan): Promise<ServicePlan> {
  const port = await freePort()
  return {
    ...plan,
    name: `${plan.name}-2`,
    url: `http://127.0.0.1:${port}`,
    env: { ...plan.env, DISPATCHER_PORT: String(port) },
    logFile: plan.logFile.replace(/\.log$/, '-2.log'),
  }
}

async function openClocks(): Promise<Readonly<Record<Clocked, OwnClock>>> {
  return {
    ingress: await openOwnClock(),
    'token-ledger': await openOwnClock(),
    dispatcher: await openOwnClock(),
  }
}

/** The plan with its own clock, and with the proxies in place of what stands behind them. */
function linked(plan: ServicePlan, { links, clocks, deployment }: Starting): ServicePlan {
  const { graphUrl, mongodbUri } = deployment
  const behind = (link: Link, uri: string): string => {
    const proxy = links[link]
    return proxy === undefined ? uri : uri.replace(toAddress(uri), proxy.address)
  }
  const clock = clocks[plan.name as Clocked]
  const env: Record<string, string> = { ...plan.env }
  if (clock !== undefined) env.OTN_CLOCK_URL = clock.url
  if (plan.name === 'token-ledger') env.MONGODB_URI = behind('ledger-mongodb', mongodbUri)
  if (plan.name === 'dispatcher') {
    env.MONGODB_URI = behind('dispatcher-mongodb', mongodbUri)
    env.GRAPH_BASE_URL = behind('dispatcher-graph', graphUrl)
    env.DISPATCHER_LEDGER_URL = behind('dispatcher-ledger', env.DISPATCHER_LEDGER_URL ?? '')
  }
  return { ...plan, env }
}

function urlOr(proxy: FaultProxy | undefined, url: string): string {
  return proxy === undefined ? url : `http://${proxy.address}`
}
