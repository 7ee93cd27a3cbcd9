/**
 * Everything about Docker: whether it answers, and the three engines as containers. Ports inside
 * and outside a container are equal and chosen beforehand, so that what a server tells its clients
 * about itself holds on both sides. When this process disappears, the reaper of testcontainers
 * removes the containers.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CLEAN_END_SECONDS, run } from './docker-container.ts'
import { type DockerMongodb, startMongodbIn } from './docker-mongodb.ts'
import type { Identity, Session } from './docker-session.ts'
import type { KafkaBroker, Log } from './engine.ts'
import { containerName, IMAGE_DATA_FOLDER, INSIDE_PORT, imageEnvironment } from './kafka-image.ts'
import { type KafkaWish, planCluster } from './kafka-plan.ts'
import type { MongodbWish } from './mongodb-plan.ts'
import { isServing } from './native-kafka.ts'
import { isRegistryServing, type RegistryWish, type RunningRegistry } from './native-registry.ts'
import { freePort } from './ports.ts'
import { CONFLUENT_PATH, registryEnvironment } from './registry-environment.ts'

const PROBE_MS = 2_000
const IMAGES = {
  kafka: 'apache/kafka:4.1.1',
  registry: 'apicurio/apicurio-registry:3.0.9',
} as const

export interface DockerHost {
  startKafka(wish: KafkaWish): Promise<readonly KafkaBroker[]>
  startMongodb(wish: MongodbWish): Promise<DockerMongodb>
  startRegistry(wish: RegistryWish): Promise<RunningRegistry>
  /** Removes the containers. Named volumes of a kept data folder stay. */
  close(): Promise<void>
}

export interface DockerOptions {
  readonly dataDir: string | undefined
  readonly log: Log
}

/** Whether a Docker engine answers within 2 s, there where testcontainers will look for it. */
export async function isDockerThere(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const answers = dockerEndpoints(env).map(async (endpoint) => {
    if (!(await answersDockerPing(endpoint))) throw new Error('silent')
  })
  return Promise.any(answers).then(
    () => true,
    () => false,
  )
}

/** Endpoints by unix socket path or http URL: DOCKER_HOST alone, or else the usual sockets. */
export function dockerEndpoints(env: NodeJS.ProcessEnv): string[] {
  const given = env.DOCKER_HOST
  if (given?.startsWith('unix://')) return [given.slice('unix://'.length)]
  if (given?.startsWith('tcp://')) return [`http://${given.slice('tcp://'.length)}`]
  if (given) return [given]
  return [
    '/var/run/docker.sock',
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'docker.sock')] : []),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.docker', 'desktop', 'docker.sock'),
  ]
}

function answersDockerPing(endpoint: string): Promise<boolean> {
  const url = URL.parse('/_ping', endpoint)
  const { protocol, hostname, port } = url ?? { protocol: 'none:', hostname: '', port: '' }
  const isSocket = endpoint.startsWith('/')
  if (!isSocket && protocol !== 'http:') return Promise.resolve(false)
  const where = isSocket ? { socketPath: endpoint } : { hostname, port }
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PROBE_MS)
    request({ ...where, path: '/_ping', signal }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
      .on('error', () => resolve(false))
      .end()
  })
}

/** Opens Docker: a network of our own and, for kept data, the names of its volumes. */
export async function openDocker({ dataDir, log }: DockerOptions): Promise<DockerHost> {
  // Imported here because it loads for half a second, also where it is not needed.
  const docker = await import('testcontainers')
  const client = await docker.getContainerRuntimeClient()
  const { host } = client.info.containerRuntime
  const session: Session = {
    docker,
    client,
    network: await new docker.Network().start(),
    host: host === 'localhost' ? '127.0.0.1' : host,
    identity: await identityOf(dataDir),
    log,
    containers: [],
    volumes: [],
    insideBrokers: [],
  }
  return {
    startKafka: (wish) => startKafka(session, wish),
    startMongodb: (wish) => startMongodbIn(session, wish),
    startRegistry: (wish) => startRegistry(session, wish),
    close: () => close(session),
  }
}

async function close({ client, containers, volumes, network }: Session): Promise<void> {
  for (const container of containers.reverse()) {
    await container.unpause().catch(() => undefined)
    await container.stop({ t: CLEAN_END_SECONDS }).catch(() => undefined)
    await container.remove({ v: true, force: true })
  }
  const { dockerode } = client.container
  for (const volume of volumes)
    await dockerode
      .getVolume(volume)
      .remove()
      .catch(() => undefined)
  // What could not be removed is left to the reaper.
  await network.stop().catch(() => undefined)
}

async function identityOf(dataDir: string | undefined): Promise<Identity> {
  const clusterId = `A${randomBytes(16).toString('base64url').slice(1)}`
  if (dataDir === undefined) return { clusterId, volumes: null }
  const path = join(dataDir, 'docker.json')
  const kept = await readFile(path, 'utf8').catch(() => null)
  if (kept !== null) return JSON.parse(kept) as Identity
  const identity = { clusterId, volumes: `otn-${randomBytes(4).toString('hex')}` }
  await mkdir(dataDir, { recursive: true })
  await writeFile(path, JSON.stringify(identity))
  return identity
}

async function startKafka(session: Session, wish: KafkaWish): Promise<readonly KafkaBroker[]> {
  const plan = await planCluster(wish, IMAGE_DATA_FOLDER)
  const starts = plan.nodes.map(async (node) => {
    const { clientPort, proxied } = node
    const process = await run(session, {
      name: containerName(node),
      image: IMAGES.kafka,
      environment: imageEnvironment({
        node,
        plan,
        host: session.host,
        clusterId: session.identity.clusterId,
      }),
      ports: [clientPort, proxied?.port ?? null].filter((port) => port !== null),
      dataFolder: IMAGE_DATA_FOLDER,
      disk: clientPort === null ? undefined : wish.disk,
      isReady: () => isServing(node, session.host),
    })
    if (clientPort === null) return []
    session.insideBrokers.push(`${containerName(node)}:${INSIDE_PORT}`)
    const address = `${session.host}:${clientPort}`
    const behindProxy = proxied === null ? null : `${session.host}:${proxied.port}`
    return [{ ...process, nodeId: node.nodeId, address, behindProxy, secured: null }]
  })
  return (await Promise.all(starts)).flat()
}

async function startRegistry(session: Session, wish: RegistryWish): Promise<RunningRegistry> {
  const given = await wish.kafkaBrokers
  const { insideBrokers } = session
  const brokers = insideBrokers.length > 0 ? insideBrokers : given
  const port = wish.port?.port ?? (await freePort())
  const schemaRegistryUrl = `http://${session.host}:${port}${CONFLUENT_PATH}`
  const process = await run(session, {
    name: 'registry',
    image: IMAGES.registry,
    environment: { ...registryEnvironment(brokers), QUARKUS_HTTP_PORT: String(port) },
    ports: [port],
    // A Kafka on this machine's loopback address exists for a container in its network only.
    isOnHostNetwork: brokers.some((broker) => /^(localhost|127\.)/.test(broker)),
    isReady: () => isRegistryServing(schemaRegistryUrl),
  })
  return { schemaRegistryUrl, process }
}
