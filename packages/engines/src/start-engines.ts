import type {
  ChosenPort,
  EngineName,
  EngineProcess,
  How,
  KafkaEngine,
  MongodbEngine,
  RegistryEngine,
} from './engine.ts'
import { type Host, type HostOptions, openHost, startOn } from './engine-host.ts'
import { requireFree } from './ports.ts'
import { givenKafka, type KafkaOptions, runKafka } from './start-kafka.ts'
import { givenMongodb, type MongodbOptions, runMongodb } from './start-mongodb.ts'
import { givenRegistry, type RegistryOptions, runRegistry } from './start-registry.ts'
import { started } from './started.ts'

export interface EnginesOptions extends HostOptions {
  readonly kafka?: KafkaOptions | undefined
  readonly mongodb?: MongodbOptions | undefined
  readonly registry?: RegistryOptions | undefined
}

/** Kafka, MongoDB and the schema registry, up and answering. */
export interface Engines extends AsyncDisposable {
  readonly kafkaBrokers: readonly string[]
  readonly mongodbUri: string
  readonly schemaRegistryUrl: string
  readonly how: Readonly<Record<EngineName, How>>
  /** Seconds from the start of all to the first answer of each; 0 for a given one. */
  readonly startupSeconds: Readonly<Record<EngineName, number>>
  /** Process ids by process name (`kafka-1`, `mongodb`, `registry`, …); native engines only. */
  pids(): Readonly<Record<string, number>>
  readonly kafka: KafkaEngine
  readonly mongodb: MongodbEngine
  readonly registry: RegistryEngine
  /** Ends what was started and removes temporary data. Idempotent. */
  stop(): Promise<void>
}

/**
 * Starts the three engines side by side; those whose address is given are left alone. They end, and
 * their temporary data goes, with `stop()` and also when this process disappears in any way.
 * @throws OTN_ENGINE_PORT_TAKEN, OTN_ENGINE_MISSING (all faults at once) before anything runs;
 * OTN_ENGINE_FAILED when one does not come up; then nothing is left running. Never retryable.
 */
export async function startEngines(options: EnginesOptions = {}): Promise<Engines> {
  await requireFree(chosenPorts(options))
  const wanted = toStart(options)
  if (wanted.length === 0) return join(await startParts(options, null), null)
  const host = await openHost(wanted, options)
  return startOn(host, async () => join(await startParts(options, host), host))
}

interface Parts {
  readonly kafka: KafkaEngine
  readonly mongodb: MongodbEngine
  readonly registry: RegistryEngine
}

function chosenPorts({ kafka, mongodb, registry }: EnginesOptions): ChosenPort[] {
  const wanted = [...(kafka?.ports ?? []), ...(mongodb?.ports ?? []), registry?.port]
  return wanted.filter((port) => port !== undefined)
}

function toStart({ kafka, mongodb, registry }: EnginesOptions): EngineName[] {
  const names: EngineName[] = []
  if (kafka?.kafkaBrokers === undefined) names.push('kafka')
  if (mongodb?.mongodbUri === undefined) names.push('mongodb')
  if (registry?.schemaRegistryUrl === undefined) names.push('registry')
  return names
}

/** A null host: everything is given. */
async function startParts(options: EnginesOptions, host: Host | null): Promise<Parts> {
  const kafka = kafkaPart(options.kafka ?? {}, host)
  const [mongodb, registry] = await Promise.all([
    mongodbPart(options.mongodb ?? {}, host),
    registryPart(options.registry ?? {}, kafka, host),
  ])
  return { kafka: await kafka, mongodb, registry }
}

async function kafkaPart(options: KafkaOptions, host: Host | null): Promise<KafkaEngine> {
  const { kafkaBrokers } = options
  if (kafkaBrokers !== undefined || host === null) return givenKafka(kafkaBrokers ?? [])
  const running = await runKafka(options, host)
  return { ...running, ...started(host.how, () => stopAll(running.brokers)) }
}

async function mongodbPart(options: MongodbOptions, host: Host | null): Promise<MongodbEngine> {
  const { mongodbUri } = options
  if (mongodbUri !== undefined || host === null) return givenMongodb(mongodbUri ?? '')
  const running = await runMongodb(options, host)
  return { ...running, ...started(host.how, () => stopAll(running.members)) }
}

async function registryPart(
  options: RegistryOptions,
  kafka: Promise<KafkaEngine>,
  host: Host | null,
): Promise<RegistryEngine> {
  const { schemaRegistryUrl, port } = options
  if (schemaRegistryUrl !== undefined || host === null)
    return givenRegistry(schemaRegistryUrl ?? '')
  const kafkaBrokers = kafka.then((running) => running.kafkaBrokers)
  const running = await runRegistry({ port, kafkaBrokers }, host)
  return { ...running, ...started(host.how, () => running.process.stop()) }
}

function join(parts: Parts, host: Host | null): Engines {
  const { kafka, mongodb, registry } = parts
  const all = [...kafka.brokers, ...mongodb.members, registry.process]
  const processes = all.filter((process) => process !== null)
  const { stop, [Symbol.asyncDispose]: dispose } = started('native', async () => host?.close())
  return {
    ...parts,
    kafkaBrokers: kafka.kafkaBrokers,
    mongodbUri: mongodb.mongodbUri,
    schemaRegistryUrl: registry.schemaRegistryUrl,
    how: { kafka: kafka.how, mongodb: mongodb.how, registry: registry.how },
    startupSeconds: {
      kafka: kafka.startupSeconds,
      mongodb: mongodb.startupSeconds,
      registry: registry.startupSeconds,
    },
    pids: () => pidsOf(processes),
    stop,
    [Symbol.asyncDispose]: dispose,
  }
}

function pidsOf(processes: readonly EngineProcess[]): Record<string, number> {
  return Object.fromEntries(
    processes.flatMap((process) => {
      const pid = process.pid()
      return pid === null ? [] : [[process.name, pid]]
    }),
  )
}

async function stopAll(processes: readonly EngineProcess[]): Promise<void> {
  await Promise.all(processes.map((process) => process.stop()))
}
