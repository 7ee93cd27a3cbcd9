/** The settings of a broker, as data. Made for development and tests: small, quick, strict. */
import { type KafkaSecurity, kafkaSecurity } from './security.ts'

type KafkaRole = 'broker' | 'controller'

export interface KafkaNodeSettings {
  readonly nodeId: number
  readonly roles: readonly KafkaRole[]
  /** Where clients and other brokers come in; null for a pure controller. */
  readonly clientPort: number | null
  /** Set on nodes with the controller's role. */
  readonly controllerPort: number | null
  /** A second way in whose clients are told to come back by `advertisedPort`. */
  readonly proxied: { readonly port: number; readonly advertisedPort: number } | null
  /** Where users come in by TLS; left out = nowhere. */
  readonly securedPort?: number | undefined
  readonly folder: string
}

export interface KafkaClusterSettings {
  readonly brokers: number
  /** `id@host:port` of the controller. */
  readonly voter: string
  /** Wishes of the caller; they win. */
  readonly settings: Readonly<Record<string, string>>
  readonly security?: KafkaSecurity | undefined
}

const HOST = '127.0.0.1'

/** All settings of one node. */
export function kafkaProperties(
  node: KafkaNodeSettings,
  cluster: KafkaClusterSettings,
): Readonly<Record<string, string>> {
  return {
    ...identityOf(node, cluster),
    ...listenersOf(node),
    ...durabilityOf(cluster.brokers),
    ...speedOf(),
    ...(cluster.security && kafkaSecurity(cluster.security)),
    ...cluster.settings,
  }
}

/** The same as text of a Java properties file. */
export function propertiesText(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('')
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function identityOf(
  { nodeId, roles, folder }: KafkaNodeSettings,
  { voter }: KafkaClusterSettings,
): Record<string, string> {
  return {
    'process.roles': roles.join(','),
    'node.id': String(nodeId),
    'controller.quorum.voters': voter,
    'log.dirs': folder,
  }
}

function listenersOf(node: KafkaNodeSettings): Record<string, string> {
  const { clientPort, controllerPort, proxied, securedPort } = node
  const listeners: string[] = []
  const advertised: string[] = []
  if (clientPort !== null) {
    listeners.push(`CLIENT://${HOST}:${clientPort}`)
    advertised.push(`CLIENT://${HOST}:${clientPort}`)
  }
  if (proxied !== null) {
    listeners.push(`PROXIED://${HOST}:${proxied.port}`)
    advertised.push(`PROXIED://${HOST}:${proxied.advertisedPort}`)
  }
  if (securedPort !== undefined) {
    listeners.push(`SECURED://${HOST}:${securedPort}`)
    advertised.push(`SECURED://${HOST}:${securedPort}`)
  }
  if (controllerPort !== null) listeners.push(`CONTROLLER://${HOST}:${controllerPort}`)
  return {
    listeners: listeners.join(','),
    ...(advertised.length > 0 && { 'advertised.listeners': advertised.join(',') }),
    'controller.listener.names': 'CONTROLLER',
    ...(clientPort !== null && { 'inter.broker.listener.name': 'CLIENT' }),
    'listener.security.protocol.map': [
      ...['CLIENT', 'PROXIED', 'CONTROLLER'].map((name) => `${name}:PLAINTEXT`),
      'SECURED:SASL_SSL',
    ].join(','),
  }
}

/** What an acknowledged record has survived: the same promise as in production where it can be. */
function durabilityOf(brokers: number): Record<string, string> {
  const replicas = String(Math.min(brokers, 3))
  const insync = brokers >= 3 ? '2' : '1'
  return {
    'default.replication.factor': replicas,
    'min.insync.replicas': insync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': insync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': insync,
    'unclean.leader.election.enable': 'false',
    'auto.create.topics.enable': 'false',
    'log.message.timestamp.type': 'LogAppendTime',
    'log.retention.ms': '-1',
  }
}

/** Shorter waits than a data centre wants, so that tests see elections within seconds. */
function speedOf(): Record<string, string> {
  return {
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'broker.session.timeout.ms': '4000',
    'broker.heartbeat.interval.ms': '500',
    'replica.lag.time.max.ms': '6000',
    'controlled.shutdown.enable': 'true',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'num.recovery.threads.per.data.dir': '2',
    'log.cleaner.dedupe.buffer.size': '16777216',
  }
}
