import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { MongodbMember } from './engine.ts'
import { mongodCommand } from './mongod-files.ts'
import { asMember, directUri } from './mongodb-member.ts'
import {
  type MongodbNode,
  type MongodbWish,
  mongodSettings,
  planSet,
  requireSameSize,
  uriOf,
} from './mongodb-plan.ts'
import type { NativeContext } from './native-context.ts'
import { openDisk } from './native-disk.ts'
import { answersPing, assembleSet, isInPlace } from './replica-set.ts'
import { mongodSecurity } from './security.ts'
import type { DiskWish } from './small-disk.ts'
import { supervised } from './supervised.ts'

const HOST = '127.0.0.1'

interface NativeMongodb {
  readonly mongodbUri: string
  readonly members: readonly MongodbMember[]
}

/** Starts one or three mongods as processes and makes them a replica set with a primary. */
export async function startNativeMongodb(
  wish: MongodbWish,
  context: NativeContext,
): Promise<NativeMongodb> {
  const command = await mongodCommand(context)
  requireSameSize(context.dataDir, wish.members ?? 1)
  const nodes = await planSet(wish)
  const { disk } = wish
  const set = { command, context, disk, size: nodes.length, isAssembled: false }
  const members = await Promise.all(nodes.map((node) => startMember(node, set)))
  await assembleSet(members)
  set.isAssembled = true
  return { mongodbUri: uriOf(nodes, HOST), members }
}

interface StartingSet {
  readonly command: string
  readonly context: NativeContext
  readonly disk: DiskWish | undefined
  readonly size: number
  isAssembled: boolean
}

async function startMember(node: MongodbNode, set: StartingSet): Promise<MongodbMember> {
  const { name, port, security } = node
  const { command, context } = set
  const uri = directUri(`${HOST}:${port}`, security)
  const folder = join(context.dataDir, name)
  await mkdir(folder, { recursive: true })
  const disk = set.disk === undefined ? null : await openDisk(set.disk, { name, folder, context })
  const engine = supervised({
    keeper: context.keeper,
    disk,
    launch: {
      name,
      command,
      args: [
        ...mongodSettings(node),
        ...(security ? mongodSecurity(security) : []),
        ...['--bind_ip', HOST, '--nounixsocket', '--dbpath', folder],
      ],
      env: {},
      logFile: join(context.dataDir, 'logs', `${name}.log`),
    },
    isReady: () => (set.isAssembled ? isInPlace(uri, set.size === 1) : answersPing(uri)),
  })
  await engine.start()
  return asMember(engine, node, HOST)
}
