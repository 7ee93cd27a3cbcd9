/** Decides where engines run, Docker or this machine, and opens that place. */

import { defaultCacheDir } from './cache.ts'
import { type DockerHost, isDockerThere, openDocker } from './docker.ts'
import type { EngineName, Log } from './engine.ts'
import { requireTools } from './missing-tools.ts'
import { type NativeContext, openContext } from './native-context.ts'

export interface HostOptions {
  /** Keeps data here; without it data is temporary. */
  readonly dataDir?: string | undefined
  /** Keeps downloads here; default `OTN_CACHE_DIR`, else `otn` in the user's cache folder. */
  readonly cacheDir?: string | undefined
  /** Asks for one way and no other; default is Docker where it answers, else native. */
  readonly how?: 'docker' | 'native' | undefined
  readonly log?: Log | undefined
}

export type Host =
  | { readonly how: 'native'; readonly context: NativeContext; close(): Promise<void> }
  | { readonly how: 'docker'; readonly docker: DockerHost; close(): Promise<void> }

/**
 * Opens the place in which these engines will run.
 * @throws OTN_ENGINE_MISSING when neither Docker nor this machine can run them.
 */
export async function openHost(
  engines: readonly EngineName[],
  options: HostOptions,
): Promise<Host> {
  const { dataDir, log = () => undefined } = options
  if (options.how === 'docker' || (options.how !== 'native' && (await isDockerThere()))) {
    const docker = await openDocker({ dataDir, log })
    return { how: 'docker', docker, close: () => docker.close() }
  }
  const cacheDir = options.cacheDir ?? defaultCacheDir()
  await requireTools(engines, cacheDir)
  const context = await openContext({ dataDir, cacheDir, log })
  return { how: 'native', context, close: () => context.keeper.end() }
}

/** Runs a start on a host and closes the host when it fails. */
export async function startOn<T>(host: Host, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    await host.close()
    throw error
  }
}
