/** The engines that cells stand on: real ones, small, and breakable one by one. */
import { type Engines, freePort, startEngines } from '@otn/engines'
import { type FaultProxy, faultProxy } from '@otn/testing'

/** `disk`: broker and mongod have a small disk each, which can be filled. */
export type GroundKind = 'single' | 'proxied' | 'cluster' | 'disk'

export interface Ground extends AsyncDisposable {
  readonly kind: GroundKind
  readonly engines: Engines
  /** Where services come in; the drill itself takes the brokers' own addresses. */
  readonly kafkaBrokers: readonly string[]
  /** In the order of the brokers; empty where nothing stands between. */
  readonly kafkaProxies: readonly FaultProxy[]
  readonly replicationFactor: number
}

/** The chaos profile: a group notices a dead member as soon as Kafka can be made to. */
const SETTINGS = { 'group.min.session.timeout.ms': '1000' } as const
/** Room for the log and the stores of one cell, several times over. */
const DISK = { megabytes: 256 } as const

/** @throws as `startEngines`; then nothing stays */
export async function openGround(kind: GroundKind, say: (line: string) => void): Promise<Ground> {
  const size = kind === 'cluster' ? 3 : 1
  const proxyPorts = kind === 'proxied' ? [await freePort()] : undefined
  const disk = kind === 'disk' ? DISK : undefined
  const engines = await startEngines({
    log: say,
    kafka: { brokers: size, settings: SETTINGS, proxyPorts, disk },
    mongodb: { members: size, disk },
  })
  const kafkaProxies = await Promise.all(
    (proxyPorts ?? []).map((port, index) => {
      return faultProxy({ target: engines.kafka.brokers[index]?.behindProxy ?? '', port })
    }),
  )
  const direct = engines.kafkaBrokers
  const proxied = kafkaProxies.map(({ address }) => address)
  return {
    ...{ kind, engines, kafkaProxies },
    kafkaBrokers: proxied.length > 0 ? proxied : direct,
    replicationFactor: size,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(kafkaProxies.map((proxy) => proxy.stop()))
      await engines.stop()
    },
  }
}
