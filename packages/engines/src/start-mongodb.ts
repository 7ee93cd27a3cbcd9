import type { MongodbEngine, MongodbMember } from './engine.ts'
import { type Host, type HostOptions, openHost, startOn } from './engine-host.ts'
import type { MongodbWish } from './mongodb-plan.ts'
import { startNativeMongodb } from './native-mongodb.ts'
import { requireFree } from './ports.ts'
import { secondsSince, started } from './started.ts'

export interface MongodbOptions extends MongodbWish {
  /** Address of a running replica set: then nothing is started. */
  readonly mongodbUri?: string | undefined
}

export interface RunningMongodb {
  readonly mongodbUri: string
  readonly members: readonly MongodbMember[]
  readonly startupSeconds: number
}

/**
 * Starts MongoDB alone: a replica set of one, or of three that can be killed and paused one by one.
 * @throws OTN_ENGINE_PORT_TAKEN, OTN_ENGINE_MISSING before anything runs; OTN_ENGINE_FAILED with
 * the end of its log when it does not come up. Never retryable.
 */
export async function startMongodb(
  options: MongodbOptions & HostOptions = {},
): Promise<MongodbEngine> {
  if (options.mongodbUri !== undefined) return givenMongodb(options.mongodbUri)
  await requireFree(options.ports ?? [])
  const host = await openHost(['mongodb'], options)
  return startOn(host, async () => ({
    ...(await runMongodb(options, host)),
    ...started(host.how, () => host.close()),
  }))
}

/** A MongoDB that somebody else runs. */
export function givenMongodb(mongodbUri: string): MongodbEngine {
  return { mongodbUri, members: [], startupSeconds: 0, ...started('given') }
}

/** Starts MongoDB on an open host. */
export async function runMongodb(wish: MongodbWish, host: Host): Promise<RunningMongodb> {
  const from = performance.now()
  const running =
    host.how === 'docker'
      ? await host.docker.startMongodb(wish)
      : await startNativeMongodb(wish, host.context)
  return { ...running, startupSeconds: secondsSince(from) }
}
