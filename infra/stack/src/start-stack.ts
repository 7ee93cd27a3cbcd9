import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Engines, type Keeper, requireFree, startEngines, startKeeper } from '@otn/engines'
import { allOrFirstFailure } from './all-or-first-failure.ts'
import { choosePorts, chosenPorts, type Ports } from './choose-ports.ts'
import { engineOptions } from './engine-options.ts'
import { prepareLog } from './prepare-log.ts'
import { type Deployment, servicePlans } from './service-plans.ts'
import {
  type ServicePlan,
  type ServiceProcess,
  startService,
  type Watch,
} from './service-process.ts'
import {
  registerWebhook,
  type SimulatorProcess,
  startSimulatorProcess,
} from './simulator-process.ts'
import { readStackFile, removeStackFile, type StackFile, writeStackFile } from './stack-file.ts'
import { type StackSecrets, stackSecrets, writeApiKeys } from './stack-secrets.ts'
import type { StackSettings } from './stack-settings.ts'

export interface StackOptions {
  readonly settings: StackSettings
  /** Keep the engines' data under `home`; otherwise it goes with the stack. */
  readonly keepData: boolean
  /** Told what happens, one line each. */
  readonly say: (line: string) => void
  /** Told when a service cannot be kept running. */
  readonly onGiveUp: (reason: string) => void
  /** Brokers to start, where none is given: 1 (default) or 3, for tests of clusters. */
  readonly brokers?: 1 | 3
  /** Settings added to every service and the simulator, for tests. */
  readonly serviceEnvironment?: Readonly<Record<string, string>>
}

export interface Stack {
  readonly file: StackFile
  readonly engines: Engines
  readonly services: readonly ServiceProcess[]
  /** Ends services, simulator and engines, in this order; removes temporary data. */
  stop(): Promise<void>
}

/**
 * Starts everything: engines and simulator side by side, then the log's Kafka topics, schemas and
 * pages, then the services; resolves once all of them say they are ready.
 * @throws OTN_ENGINE_PORT_TAKEN, OTN_ENGINE_MISSING before anything runs; OTN_ENGINE_FAILED
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, say, keepData } = options
  const { home } = settings
  await requireFree(chosenPorts(settings))
  const ports = await choosePorts(settings)
  mkdirSync(join(home, 'logs'), { recursive: true })
  if (!keepData) forgetData(home)
  mkdirSync(join(home, 'data'), { recursive: true })
  const secrets = withGiven(stackSecrets(home), settings)
  const keeper = startKeeper({ remove: null })
  const started: { engines?: Engines; isStopping?: boolean } = {}
  const stop = stopOnce(async () => {
    started.isStopping = true
    removeStackFile(home)
    await keeper.end()
    await started.engines?.stop()
  })
  try {
    const pids = new Map<string, number>()
    const watch = watchOf(options, { pids, isStopping: () => started.isStopping === true })
    const [engines, simulator] = await allOrFirstFailure([
      startEngines(engineOptions(options)).then((running) => {
        started.engines = running
        sayEngines(running, say)
        return running
      }),
      settings.graphBaseUrl === null
        ? startSimulatorProcess({
            ...{ keeper, home, secrets, ports, watch },
            environment: options.serviceEnvironment,
          })
        : Promise.resolve(null),
    ])
    const parts = { options, engines, simulator, secrets, ports, keeper, watch, pids }
    const { services, file } = await startServices(parts)
    return { file, engines, services, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Parts {
  readonly options: StackOptions
  readonly engines: Engines
  readonly simulator: SimulatorProcess | null
  readonly secrets: StackSecrets
  readonly ports: Ports
  readonly keeper: Keeper
  readonly watch: Watch
  readonly pids: ReadonlyMap<string, number>
}

async function startServices(
  parts: Parts,
): Promise<{ readonly services: readonly ServiceProcess[]; readonly file: StackFile }> {
  const { options, engines, simulator } = parts
  const { settings, say } = options
  const deployment = deploymentOf(parts)
  const since = performance.now()
  const simulatorUrl = simulator?.simulatorUrl ?? null
  const pages = await prepareLog(deployment, { simulatorUrl, pagesFile: settings.pagesFile })
  say(`  ✔ Kafka topics, schemas, ${pages.length} pages      ${seconds(since)}`)
  const servicesSince = performance.now()
  const plans = servicePlans(deployment, options.serviceEnvironment)
  const services = await startPlans(plans, parts)
  say(`  ✔ ${services.map(({ name }) => name).join(', ')}   ${seconds(servicesSince)}`)
  const [ingress, ledger, dispatcher, registry] = plans
  const all = simulator ? [...services, simulator.process] : services
  const file: StackFile = {
    ...deployment,
    ingressUrl: ingress?.url ?? '',
    ledgerUrl: ledger?.url ?? '',
    dispatcherUrl: dispatcher?.url ?? '',
    registryUrl: registry?.url ?? '',
    simulatorUrl,
    pages,
    pids: pidsOf(engines, parts.pids),
  }
  writeStackFile(settings.home, file)
  return { services: all, file }
}

/** The registry watches whether the webhook is registered, so it comes after that. */
async function startPlans(
  plans: readonly ServicePlan[],
  { keeper, watch, simulator }: Parts,
): Promise<readonly ServiceProcess[]> {
  const start = (plan: ServicePlan) => startService({ keeper, plan, watch })
  const first = plans.filter(({ name }) => name !== 'page-registry')
  const started = first.map(start)
  const ingress = first.findIndex(({ name }) => name === 'ingress')
  const registry = async () => {
    await started[ingress]
    const url = first[ingress]?.url ?? ''
    if (simulator) await registerWebhook(simulator.simulatorUrl, url)
    return allOrFirstFailure(plans.filter(({ name }) => name === 'page-registry').map(start))
  }
  const [others, last] = await allOrFirstFailure([allOrFirstFailure(started), registry()])
  return [...others, ...last]
}

function deploymentOf({ options, engines, simulator, secrets, ports }: Parts): Deployment {
  const { settings } = options
  const { home } = settings
  return {
    ...secrets,
    home,
    kafkaBrokers: engines.kafkaBrokers,
    mongodbUri: engines.mongodbUri,
    schemaRegistryUrl: engines.schemaRegistryUrl,
    schemaIdsFile: join(home, 'schema-ids.json'),
    topicPrefix: settings.topicPrefix ?? '',
    databasePrefix: settings.databasePrefix,
    replicationFactor: settings.replicationFactor,
    graphUrl: simulator?.graphUrl ?? settings.graphBaseUrl ?? '',
    callbackUrl: settings.callbackUrl,
    clockUrl: simulator ? `${simulator.simulatorUrl}/clock` : null,
    apiKeysFile: writeApiKeys(home, secrets.apiKey),
    ports,
  }
}

function pidsOf(engines: Engines, pids: ReadonlyMap<string, number>): StackFile['pids'] {
  return { stack: process.pid, ...engines.pids(), ...Object.fromEntries(pids) }
}

/** What speaks of engines' data that are gone by now: ids of a registry, the simulator's world. */
function forgetData(home: string): void {
  for (const file of ['data/simulator.journal', 'schema-ids.json']) {
    rmSync(join(home, file), { force: true })
  }
}

function withGiven(secrets: StackSecrets, settings: StackSettings): StackSecrets {
  const { appId, appSecret, verifyToken } = settings
  return {
    ...secrets,
    appId: appId ?? secrets.appId,
    appSecret: appSecret ?? secrets.appSecret,
    verifyToken: verifyToken ?? secrets.verifyToken,
  }
}

interface Running {
  readonly pids: Map<string, number>
  readonly isStopping: () => boolean
}

/** Keeps the file's process ids true when a service is started again. */
function watchOf({ say, onGiveUp, settings }: StackOptions, { pids, isStopping }: Running): Watch {
  return {
    isStopping,
    onLaunch: (name, pid) => {
      pids.set(name, pid)
      const file = readStackFile(settings.home)
      if (file) writeStackFile(settings.home, { ...file, pids: { ...file.pids, [name]: pid } })
    },
    onRestart: (name, how) => say(`  … ${name} ended (${how}) and is started again`),
    onGiveUp: (name, how) => onGiveUp(`${name} keeps ending (${how})`),
  }
}

function sayEngines(engines: Engines, say: (line: string) => void): void {
  const names = { kafka: 'Kafka', mongodb: 'MongoDB', registry: 'Schema registry' } as const
  for (const [name, title] of Object.entries(names) as [keyof typeof names, string][]) {
    const took = `${engines.startupSeconds[name].toFixed(1)} s`
    say(`  ✔ ${title.padEnd(18)} ${engines.how[name].padEnd(8)} ${took}`)
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`
}

function stopOnce(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined
  return () => {
    stopping ??= stop()
    return stopping
  }
}
