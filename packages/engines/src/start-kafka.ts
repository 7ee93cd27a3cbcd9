import type { KafkaBroker, KafkaEngine } from './engine.ts'
import { type Host, type HostOptions, openHost, startOn } from './engine-host.ts'
import type { KafkaWish } from './kafka-plan.ts'
import { startNativeKafka } from './native-kafka.ts'
import { requireFree } from './ports.ts'
import { secondsSince, started } from './started.ts'

export interface KafkaOptions extends KafkaWish {
  /** host:port of a running Kafka: then nothing is started. */
  readonly kafkaBrokers?: readonly string[] | undefined
}

export interface RunningKafka {
  readonly kafkaBrokers: readonly string[]
  readonly brokers: readonly KafkaBroker[]
  readonly startupSeconds: number
}

/**
 * Starts Kafka alone: one broker, or three that can be killed and paused one by one.
 * @throws OTN_ENGINE_PORT_TAKEN, OTN_ENGINE_MISSING before anything runs; OTN_ENGINE_FAILED with
 * the end of the broker's log when it does not come up. Never retryable.
 */
export async function startKafka(options: KafkaOptions & HostOptions = {}): Promise<KafkaEngine> {
  if (options.kafkaBrokers !== undefined) return givenKafka(options.kafkaBrokers)
  await requireFree(options.ports ?? [])
  const host = await openHost(['kafka'], options)
  return startOn(host, async () => ({
    ...(await runKafka(options, host)),
    ...started(host.how, () => host.close()),
  }))
}

/** A Kafka that somebody else runs. */
export function givenKafka(kafkaBrokers: readonly string[]): KafkaEngine {
  return { kafkaBrokers, brokers: [], startupSeconds: 0, ...started('given') }
}

/** Starts Kafka on an open host. */
export async function runKafka(wish: KafkaWish, host: Host): Promise<RunningKafka> {
  const from = performance.now()
  const brokers =
    host.how === 'docker'
      ? await host.docker.startKafka(wish)
      : await startNativeKafka(wish, host.context)
  const kafkaBrokers = brokers.map(({ address }) => address)
  return { kafkaBrokers, brokers, startupSeconds: secondsSince(from) }
}
