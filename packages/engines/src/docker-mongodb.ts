import { run } from './docker-container.ts'
import type { Session } from './docker-session.ts'
import type { MongodbMember } from './engine.ts'
import { asMember, directUri } from './mongodb-member.ts'
import {
  type MongodbNode,
  type MongodbWish,
  mongodSettings,
  planSet,
  uriOf,
} from './mongodb-plan.ts'
import { answersPing, assembleSet, isInPlace } from './replica-set.ts'
import type { DiskWish } from './small-disk.ts'

const IMAGE = 'mongo:6.0'

export interface DockerMongodb {
  readonly mongodbUri: string
  readonly members: readonly MongodbMember[]
}

/**
 * Starts one or three mongods. Three share the network of Docker's host: they, their clients and
 * the proxies between them find each other by one address, as the set's configuration demands.
 */
export async function startMongodbIn(session: Session, wish: MongodbWish): Promise<DockerMongodb> {
  const nodes = await planSet(wish)
  const isAlone = nodes.length === 1
  const set = { isAlone, isAssembled: false, disk: wish.disk }
  const members = await Promise.all(nodes.map((node) => startMember(session, node, set)))
  await assembleSet(members.map((member) => (isAlone ? asItSeesItself(member) : member)))
  set.isAssembled = true
  return { mongodbUri: uriOf(nodes, session.host), members }
}

/** From within its container a server is on the loopback address, whatever Docker's host is. */
function asItSeesItself(member: MongodbMember): MongodbMember {
  return { ...member, address: member.address.replace(/^.*:/, '127.0.0.1:') }
}

interface StartingSet {
  readonly isAlone: boolean
  readonly isAssembled: boolean
  readonly disk: DiskWish | undefined
}

async function startMember(
  session: Session,
  node: MongodbNode,
  set: StartingSet,
): Promise<MongodbMember> {
  const { name, port } = node
  const uri = directUri(`${session.host}:${port}`)
  const engine = await run(session, {
    name,
    image: IMAGE,
    command: ['mongod', ...mongodSettings(node), '--bind_ip_all'],
    ports: [port],
    dataFolder: '/data/db',
    disk: set.disk,
    isOnHostNetwork: !set.isAlone,
    isReady: () => (set.isAssembled ? isInPlace(uri, set.isAlone) : answersPing(uri)),
  })
  return asMember(engine, node, session.host)
}
