import { join } from 'node:path'
import type { ChosenPort, EngineProcess } from './engine.ts'
import { javaCommand, javaFlags } from './java.ts'
import type { NativeContext } from './native-context.ts'
import { freePort } from './ports.ts'
import { CONFLUENT_PATH, registryEnvironment } from './registry-environment.ts'
import { registryJar } from './registry-files.ts'
import { supervised } from './supervised.ts'

const HEAP_MB = 512
const ANSWER_MS = 2_000
const UNAVAILABLE = 503

export interface RegistryWish {
  readonly port?: ChosenPort | undefined
  /** A promise, because the jar is fetched while Kafka starts. */
  readonly kafkaBrokers: Promise<readonly string[]>
}

export interface RunningRegistry {
  readonly schemaRegistryUrl: string
  readonly process: EngineProcess
}

/** Starts Apicurio Registry as a process; what is registered lives in Kafka. */
export async function startNativeRegistry(
  wish: RegistryWish,
  context: NativeContext,
): Promise<RunningRegistry> {
  const [kafkaBrokers, jar] = await Promise.all([wish.kafkaBrokers, registryJar(context)])
  const port = wish.port?.port ?? (await freePort())
  const schemaRegistryUrl = `http://127.0.0.1:${port}${CONFLUENT_PATH}`
  const process = supervised({
    keeper: context.keeper,
    launch: {
      name: 'registry',
      command: javaCommand(),
      args: [...javaFlags(HEAP_MB), '-jar', jar],
      env: {
        ...registryEnvironment(kafkaBrokers),
        QUARKUS_HTTP_HOST: '127.0.0.1',
        QUARKUS_HTTP_PORT: String(port),
      },
      logFile: join(context.dataDir, 'logs', 'registry.log'),
    },
    isReady: () => isRegistryServing(schemaRegistryUrl),
  })
  await process.start()
  return { schemaRegistryUrl, process }
}

/**
 * Whether the registry answers with its list of subjects, and does not say itself that it is still
 * reading its journal: until then Apicurio answers as if it had nothing. Another product knows no
 * such question.
 */
export async function isRegistryServing(schemaRegistryUrl: string): Promise<boolean> {
  const subjects = await statusOf(`${schemaRegistryUrl}/subjects`)
  if (subjects !== 200) return false
  return (await statusOf(new URL('/health/ready', schemaRegistryUrl).href)) !== UNAVAILABLE
}

async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })
  await answer.body?.cancel()
  return answer.status
}
