import { type Db, MongoClient } from 'mongodb'
import type { MongodbMember } from './engine.ts'
import { GiveUp, waitFor } from './wait-for.ts'

export const REPLICA_SET = 'otn'
const WHOLE_MS = 60_000
const SILENT_MS = 2_000
const ANSWER_MS = 30_000
const NOT_YET_INITIALIZED = 94
const INVALID_REPLICA_SET_CONFIG = 93
/** Its own are 10 s and 2 s: whoever waits for an election in a test should not wait long. */
const TIMES = { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 } as const

interface ReplicaSetConfig {
  readonly version: number
  readonly members: readonly { readonly host: string }[]
}

/** Whether mongod answers, primary or not. */
export function answersPing(uri: string): Promise<boolean> {
  return withAdmin(uri, async (admin) => (await admin.command({ ping: 1 })).ok === 1)
}

/** Whether it serves as a member: a set of one without its primary serves nobody. */
export function isInPlace(uri: string, isAlone: boolean): Promise<boolean> {
  return withAdmin(uri, async (admin) => {
    const { isWritablePrimary, secondary } = await admin.command({ hello: 1 })
    return isWritablePrimary === true || (!isAlone && secondary === true)
  })
}

/**
 * Makes the servers one replica set with a primary: initiates new data, and on kept data rewrites
 * the addresses of the members when they are others now.
 */
export async function assembleSet(members: readonly MongodbMember[]): Promise<void> {
  const [first] = members
  if (first === undefined) return
  const hosts = members.map(({ address }) => address)
  const isWhole = async (): Promise<boolean> => {
    await requireHosts(first, hosts)
    const states = await Promise.all(members.map((member) => member.state()))
    const others = states.filter((state) => state !== 'PRIMARY')
    return others.length < states.length && others.every((state) => state === 'SECONDARY')
  }
  const describe = `MongoDB at ${hosts.join(', ')} to have a primary and everybody in place`
  await waitFor(isWhole, { timeoutMs: WHOLE_MS, describe, intervalMs: 20 })
}

async function requireHosts(first: MongodbMember, hosts: readonly string[]): Promise<void> {
  const config = await currentConfig(first)
  if (config === null) {
    const members = hosts.map((host, _id) => ({ _id, host }))
    const settings = hosts.length === 1 ? {} : { settings: TIMES }
    await first.command({ replSetInitiate: { _id: REPLICA_SET, version: 1, members, ...settings } })
    return
  }
  if (config.members.map(({ host }) => host).join() === hosts.join()) return
  const members = config.members.map((member, index) => ({ ...member, host: hosts[index] }))
  const changed = { ...config, version: config.version + 1, members }
  // Forced, because a node that does not find itself in its set is no primary.
  await first.command({ replSetReconfig: changed, force: true })
}

/** Null where the set was never initiated. */
async function currentConfig(member: MongodbMember): Promise<ReplicaSetConfig | null> {
  try {
    const answer = await member.command({ replSetGetConfig: 1 })
    return answer.config as ReplicaSetConfig
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === NOT_YET_INITIALIZED) return null
    throw code === INVALID_REPLICA_SET_CONFIG ? new GiveUp(error) : error
  }
}

/** @throws the driver's errors; a server that is silent is given up after 2 s */
export async function withAdmin<T>(uri: string, use: (admin: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: SILENT_MS,
    socketTimeoutMS: ANSWER_MS,
  })
  try {
    return await use(client.db('admin'))
  } finally {
    await client.close()
  }
}
