/** One engine in one container of a session. */
import { appError } from '@otn/kernel'
import { openContainerDisk } from './docker-disk.ts'
import type { Container, Session } from './docker-session.ts'
import type { EngineProcess } from './engine.ts'
import type { DiskWish, SmallDisk } from './small-disk.ts'
import { waitFor } from './wait-for.ts'

/** Images are pulled within it. */
const START_MS = 300_000
export const CLEAN_END_SECONDS = 20

export interface ContainerWish {
  readonly name: string
  readonly image: string
  readonly environment?: Record<string, string>
  readonly command?: string[]
  readonly ports: readonly number[]
  readonly dataFolder?: string
  /** For the data folder. */
  readonly disk?: DiskWish | undefined
  readonly isOnHostNetwork?: boolean
  readonly isReady: () => Promise<boolean>
}

export async function run(session: Session, wish: ContainerWish): Promise<EngineProcess> {
  const { name, environment = {}, command, ports, dataFolder, isOnHostNetwork, isReady } = wish
  const { docker, network, identity, client, containers, log } = session
  log(`${name}: starting ${wish.image}`)
  const image = new docker.GenericContainer(wish.image)
    .withEnvironment(environment)
    .withStartupTimeout(START_MS)
  if (command !== undefined) image.withCommand(command)
  if (isOnHostNetwork === true) image.withNetworkMode('host')
  else {
    image.withNetwork(network).withNetworkAliases(name)
    image.withExposedPorts(...ports.map((port) => ({ container: port, host: port })))
  }
  const disk = wish.disk === undefined ? null : await openContainerDisk(session, wish.disk, wish)
  const kept = identity.volumes === null ? null : `${identity.volumes}-${name}`
  const source = disk?.volume ?? kept
  if (source !== null && dataFolder !== undefined) {
    image.withBindMounts([{ source, target: dataFolder }])
  }
  try {
    const container = client.container.getById((await image.start()).getId())
    containers.push(container)
    await waitFor(isReady, { timeoutMs: START_MS, describe: `${name} to serve` })
    return containerProcess(container, { name, disk, isReady })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const message = `${name} did not start in Docker (${wish.image}): ${why}`
    throw appError('OTN_ENGINE_FAILED', { message, cause })
  }
}

interface Served {
  readonly name: string
  readonly disk: SmallDisk | null
  readonly isReady: () => Promise<boolean>
}

function containerProcess(container: Container, { name, disk, isReady }: Served): EngineProcess {
  const isRunning = async (): Promise<boolean> => (await container.inspect()).State.Running
  const end = async (how: () => Promise<unknown>): Promise<void> => {
    if (!(await isRunning())) return
    await how()
    const hasEnded = async (): Promise<boolean> => !(await isRunning())
    await waitFor(hasEnded, { timeoutMs: 30_000, describe: `${name} to end` })
  }
  return {
    name,
    disk,
    pid: () => null,
    kill: () => end(() => container.kill()),
    stop: () => end(() => container.stop({ t: CLEAN_END_SECONDS })),
    start: async () => {
      if (await isRunning()) return
      await container.start()
      await waitFor(isReady, { timeoutMs: START_MS, describe: `${name} to serve` })
    },
    pause: async () => {
      await container.pause()
    },
    resume: async () => {
      await container.unpause()
    },
  }
}
