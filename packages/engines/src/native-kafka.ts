import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineProcess, KafkaBroker } from './engine.ts'
import { javaCommand, javaFlags } from './java.ts'
import { kafkaFiles } from './kafka-files.ts'
import { type KafkaWish, planCluster, requireSameNumber } from './kafka-plan.ts'
import {
  type KafkaClusterSettings,
  type KafkaNodeSettings,
  kafkaProperties,
  propertiesText,
} from './kafka-properties.ts'
import { askForBrokers } from './kafka-wire.ts'
import type { NativeContext } from './native-context.ts'
import { type NativeDisk, openDisk } from './native-disk.ts'
import { runCommand } from './run-command.ts'
import { scramUsers } from './security.ts'
import type { DiskWish } from './small-disk.ts'
import { supervised } from './supervised.ts'

const HEAP_MB = 512
const FORMAT_HEAP_MB = 128

interface NodeFiles {
  readonly jars: string
  readonly log4j: string
  readonly properties: string
}

/** Starts the brokers (and, for more than one, a controller of their own) as processes. */
export async function startNativeKafka(
  wish: KafkaWish,
  context: NativeContext,
): Promise<readonly KafkaBroker[]> {
  // Asked for before anything is awaited: the registry's files are larger and can wait.
  const folder = await kafkaFiles(context)
  const dataFolder = join(context.dataDir, 'kafka')
  await requireSameNumber(dataFolder, wish.brokers ?? 1)
  const plan = await planCluster(wish, dataFolder)
  const clusterId = await clusterIdOf(plan.nodes)
  const starts = plan.nodes.map(async (node) => {
    const disk = await diskOf(node, wish.disk, context)
    const files = await prepare({ node, cluster: plan.cluster, folder, clusterId, disk })
    const engine = nodeProcess({ node, files, context, disk })
    await engine.start()
    return node.clientPort === null ? [] : [asBroker(engine, node, node.clientPort)]
  })
  return (await Promise.all(starts)).flat()
}

/** The id of kept data, else a new one: 16 bytes as base64url, as Kafka writes them. */
async function clusterIdOf(nodes: readonly KafkaNodeSettings[]): Promise<string> {
  for (const { folder } of nodes) {
    const meta = await readFile(join(folder, 'meta.properties'), 'utf8').catch(() => '')
    const known = /^cluster\.id=(.+)$/m.exec(meta)?.[1]
    if (known !== undefined) return known.trim()
  }
  return `A${randomBytes(16).toString('base64url').slice(1)}`
}

async function diskOf(
  node: KafkaNodeSettings,
  wish: DiskWish | undefined,
  context: NativeContext,
): Promise<NativeDisk | null> {
  // A controller that no test touches stays out of it.
  if (wish === undefined || node.clientPort === null) return null
  return openDisk(wish, { name: nameOf(node), folder: node.folder, context })
}

interface Preparation {
  readonly node: KafkaNodeSettings
  readonly cluster: KafkaClusterSettings
  readonly folder: string
  readonly clusterId: string
  readonly disk: NativeDisk | null
}

async function prepare(preparation: Preparation): Promise<NodeFiles> {
  const { node, cluster, folder, clusterId, disk } = preparation
  const files = {
    jars: join(folder, 'lib', '*'),
    log4j: `-Dlog4j2.configurationFile=${join(folder, 'log4j2.xml')}`,
    properties: `${node.folder}.properties`,
  }
  await mkdir(node.folder, { recursive: true })
  await writeFile(files.properties, propertiesText(kafkaProperties(node, cluster)))
  if ((await readdir(node.folder)).includes('meta.properties')) return files
  const format = [
    ...javaFlags(FORMAT_HEAP_MB),
    files.log4j,
    ...['-cp', files.jars, 'kafka.tools.StorageTool'],
    ...['format', '--cluster-id', clusterId, '--config', files.properties],
    ...(cluster.security ? scramUsers(cluster.security) : []),
  ]
  const { command, args } = disk?.within(javaCommand(), format) ?? {
    command: javaCommand(),
    args: format,
  }
  await runCommand(`Formatting Kafka node ${node.nodeId}`, command, args)
  return files
}

interface NodeProcess {
  readonly node: KafkaNodeSettings
  readonly files: NodeFiles
  readonly context: NativeContext
  readonly disk: NativeDisk | null
}

function nameOf({ clientPort, nodeId }: KafkaNodeSettings): string {
  return clientPort === null ? 'kafka-controller' : `kafka-${nodeId}`
}

function nodeProcess({ node, files, context, disk }: NodeProcess): EngineProcess {
  const name = nameOf(node)
  return supervised({
    keeper: context.keeper,
    disk,
    launch: {
      name,
      command: javaCommand(),
      args: [
        ...javaFlags(HEAP_MB),
        files.log4j,
        ...['-cp', files.jars, 'kafka.Kafka', files.properties],
      ],
      env: {},
      logFile: join(context.dataDir, 'logs', `${name}.log`),
    },
    isReady: () => isServing(node),
  })
}

/** A broker serves when it counts itself among the brokers that are alive. */
export async function isServing(
  { nodeId, clientPort }: KafkaNodeSettings,
  host = '127.0.0.1',
): Promise<boolean> {
  if (clientPort === null) return true
  const known = await askForBrokers(`${host}:${clientPort}`)
  return known.some((broker) => broker.nodeId === nodeId)
}

function asBroker(engine: EngineProcess, node: KafkaNodeSettings, port: number): KafkaBroker {
  return {
    ...engine,
    nodeId: node.nodeId,
    address: `127.0.0.1:${port}`,
    behindProxy: node.proxied === null ? null : `127.0.0.1:${node.proxied.port}`,
    secured: node.securedPort === undefined ? null : `127.0.0.1:${node.securedPort}`,
  }
}
