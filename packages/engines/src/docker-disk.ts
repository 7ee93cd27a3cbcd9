/**
 * Small disks of containers. A volume in memory is gone as soon as no container uses it, so a
 * second container keeps it while the server is killed and started again, and fills it.
 */
import { appError } from '@otn/kernel'
import type { Session } from './docker-session.ts'
import type { DiskWish, SmallDisk } from './small-disk.ts'

export interface ContainerDisk extends SmallDisk {
  /** Name of the volume. */
  readonly volume: string
}

interface Place {
  /** Of the server. */
  readonly name: string
  readonly image: string
}

const TARGET = '/disk'
const BALLAST = `${TARGET}/.ballast`

/** @throws OTN_ENGINE_FAILED for the way `limit`, which a container has no use for */
export async function openContainerDisk(
  { docker, client, containers, volumes }: Session,
  { megabytes, way = 'file-system' }: DiskWish,
  { name, image }: Place,
): Promise<ContainerDisk> {
  if (way === 'limit') {
    throw appError('OTN_ENGINE_FAILED', { message: `${name}: in Docker a disk is a file system` })
  }
  const o = `size=${megabytes}m,mode=1777`
  const DriverOpts = { type: 'tmpfs', device: 'tmpfs', o }
  const made = await client.container.dockerode.createVolume({ Driver: 'local', DriverOpts })
  const volume = made.name
  volumes.push(volume)
  const keeper = await new docker.GenericContainer(image)
    .withEntrypoint(['tail', '-f', '/dev/null'])
    .withUser('root')
    .withBindMounts([{ source: volume, target: TARGET }])
    .start()
  containers.push(client.container.getById(keeper.getId()))
  const run = (script: string) => keeper.exec(['sh', '-c', script])
  const take = `dd if=/dev/zero bs=4k >> ${BALLAST}; true`
  return {
    way,
    volume,
    // What the server gives back meanwhile is taken again, for as long as the mark stands.
    fill: async () => {
      await run(`touch ${TARGET}/.full; ${take}`)
      void run(`while [ -e ${TARGET}/.full ]; do ${take}; sleep 0.1; done`).catch(() => undefined)
    },
    free: async () => {
      await run(`rm -f ${TARGET}/.full ${BALLAST}`)
    },
  }
}
