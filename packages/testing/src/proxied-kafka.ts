import { freePort, type KafkaEngine, type KafkaOptions, startKafka } from '@otn/engines'
import { type FaultProxy, faultProxy } from './fault-proxy.ts'

/** A Kafka of its own, every broker behind a proxy that can break its connections. */
export interface ProxiedKafka extends AsyncDisposable {
  readonly kafka: KafkaEngine
  /** In the order of `kafka.brokers`. */
  readonly proxies: readonly FaultProxy[]
  /** host:port of the proxies; clients that start here never leave them. */
  readonly kafkaBrokers: readonly string[]
  stop(): Promise<void>
}

/** Starts 1 or 3 brokers, each with a listener that tells its clients to come by its proxy. */
export async function startProxiedKafka(
  options: Pick<KafkaOptions, 'brokers' | 'settings' | 'disk'> = {},
): Promise<ProxiedKafka> {
  const ports = Array.from({ length: options.brokers ?? 1 }, () => freePort())
  const proxyPorts = await Promise.all(ports)
  const kafka = await startKafka({ ...options, proxyPorts })
  const proxies = await Promise.all(
    kafka.brokers.map(({ behindProxy }, index) =>
      faultProxy({ target: behindProxy ?? '', port: proxyPorts[index] ?? 0, protocol: 'kafka' }),
    ),
  )
  const stop = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.stop()))
    await kafka.stop()
  }
  const kafkaBrokers = proxies.map(({ address }) => address)
  return { kafka, proxies, kafkaBrokers, stop, [Symbol.asyncDispose]: stop }
}
