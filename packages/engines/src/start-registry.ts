import type { ChosenPort, EngineProcess, RegistryEngine } from './engine.ts'
import { type Host, type HostOptions, openHost, startOn } from './engine-host.ts'
import { type RegistryWish, startNativeRegistry } from './native-registry.ts'
import { requireFree } from './ports.ts'
import { secondsSince, started } from './started.ts'

export interface RegistryOptions {
  /** Base of a running registry's Confluent-compatible API: then nothing is started. */
  readonly schemaRegistryUrl?: string | undefined
  /** A free loopback port by default. */
  readonly port?: ChosenPort | undefined
}

export interface RegistryAloneOptions extends RegistryOptions, HostOptions {
  /** The Kafka in which the registry keeps its data. */
  readonly kafkaBrokers: readonly string[]
}

export interface RunningRegistry {
  readonly schemaRegistryUrl: string
  readonly process: EngineProcess
  readonly startupSeconds: number
}

/**
 * Starts the schema registry alone, on a running Kafka.
 * @throws OTN_ENGINE_PORT_TAKEN, OTN_ENGINE_MISSING before anything runs; OTN_ENGINE_FAILED with
 * the end of its log when it does not come up. Never retryable.
 */
export async function startRegistry(options: RegistryAloneOptions): Promise<RegistryEngine> {
  if (options.schemaRegistryUrl !== undefined) return givenRegistry(options.schemaRegistryUrl)
  await requireFree(options.port === undefined ? [] : [options.port])
  const host = await openHost(['registry'], options)
  const wish = { port: options.port, kafkaBrokers: Promise.resolve(options.kafkaBrokers) }
  return startOn(host, async () => ({
    ...(await runRegistry(wish, host)),
    ...started(host.how, () => host.close()),
  }))
}

/** A registry that somebody else runs. */
export function givenRegistry(schemaRegistryUrl: string): RegistryEngine {
  return {
    schemaRegistryUrl: schemaRegistryUrl.replace(/\/+$/, ''),
    process: null,
    startupSeconds: 0,
    ...started('given'),
  }
}

/** Starts the registry on an open host; its files are fetched while Kafka starts. */
export async function runRegistry(wish: RegistryWish, host: Host): Promise<RunningRegistry> {
  const from = performance.now()
  const running =
    host.how === 'docker'
      ? await host.docker.startRegistry(wish)
      : await startNativeRegistry(wish, host.context)
  return { ...running, startupSeconds: secondsSince(from) }
}
