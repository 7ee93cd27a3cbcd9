import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { appError } from '@otn/kernel'
import type { ChosenPort } from './engine.ts'
import { freePort } from './ports.ts'
import { REPLICA_SET } from './replica-set.ts'
import type { MongodbSecurity } from './security.ts'
import type { DiskWish } from './small-disk.ts'

export interface MongodbWish {
  /** 1 (default) or 3: fails over within seconds, and fails as told (`configureFailPoint`). */
  readonly members?: 1 | 3 | undefined
  /** One per member; free loopback ports by default. */
  readonly ports?: readonly ChosenPort[] | undefined
  /**
   * One per member of three: the loopback port by which members and clients find it, where a fault
   * proxy forwards to its port already. By the same ports again when kept data is started again.
   */
  readonly proxyPorts?: readonly number[] | undefined
  /** Closes it to strangers; natively only. */
  readonly security?: MongodbSecurity | undefined
  /** Puts the data of each member on a disk of its own that tests may fill. */
  readonly disk?: DiskWish | undefined
}

/** One server of the set. */
export interface MongodbNode {
  /** `mongodb`, or `mongodb-1` to `mongodb-3`; also its folder. */
  readonly name: string
  readonly port: number
  /** The port that stands in the set's configuration. */
  readonly knownPort: number
  /** For three: lets tests set fail points, and members tell each other who they are. */
  readonly takesTestCommands: boolean
  readonly isOnSmallDisk: boolean
  readonly security: MongodbSecurity | undefined
}

/** Its own default is half of the machine's memory. */
const CACHE_GB = '0.5'
/** The least that mongod takes: three stand beside everything else. */
const CACHE_OF_THREE_GB = '0.25'
const OPLOG_MB = '256'
/**
 * A linearizable read of a set of one waits for the next flush of the journal, which nobody else
 * asks for; its own are 100 ms apart.
 */
const JOURNAL_MS = 5
/** Its own takes 100 MB at a time, and would have room for long after the disk is full. */
const SMALL_JOURNAL = 'log=(file_max=100KB,prealloc=false)'
/** How long a member that ends lets its clients finish; its own are 15 s. */
const GOODBYE_MS = 500

/** Which servers a set has, with their ports. */
export async function planSet({ members = 1, ...wish }: MongodbWish): Promise<MongodbNode[]> {
  const nodes: MongodbNode[] = []
  for (const name of namesOf(members)) {
    const index = nodes.length
    const port = wish.ports?.[index]?.port ?? (await freePort())
    const knownPort = wish.proxyPorts?.[index] ?? port
    const isOnSmallDisk = wish.disk !== undefined
    const { security } = wish
    const takesTestCommands = members === 3
    nodes.push({ name, port, knownPort, takesTestCommands, isOnSmallDisk, security })
  }
  return nodes
}

function namesOf(members: 1 | 3): string[] {
  return members === 1 ? ['mongodb'] : ['mongodb-1', 'mongodb-2', 'mongodb-3']
}

/**
 * Passes only when the folder is empty or holds a set of that size.
 * @throws OTN_ENGINE_FAILED otherwise: a set of another size would start without its data
 */
export function requireSameSize(folder: string, members: 1 | 3): void {
  const others = namesOf(members === 1 ? 3 : 1)
  if (!others.some((name) => existsSync(join(folder, name)))) return
  const message =
    `${folder} holds the data of ${others.length} MongoDB servers, asked for were ${members}. ` +
    'Ask for the same number, or remove the folder.'
  throw appError('OTN_ENGINE_FAILED', { message })
}

/** Arguments of mongod that hold natively and in a container. */
export function mongodSettings(node: MongodbNode): string[] {
  const { port, takesTestCommands, isOnSmallDisk } = node
  return [
    ...['--port', String(port), '--replSet', REPLICA_SET, '--oplogSize', OPLOG_MB],
    ...['--wiredTigerCacheSizeGB', takesTestCommands ? CACHE_OF_THREE_GB : CACHE_GB],
    ...(takesTestCommands ? ['--setParameter', 'enableTestCommands=1'] : []),
    ...['--setParameter', `shutdownTimeoutMillisForSignaledShutdown=${GOODBYE_MS}`],
    ...(isOnSmallDisk ? ['--wiredTigerEngineConfigString', SMALL_JOURNAL] : []),
    ...['--journalCommitInterval', String(JOURNAL_MS)],
    ...['--quiet', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ]
}

/** Where clients begin. */
export function uriOf(nodes: readonly MongodbNode[], host: string): string {
  const hosts = nodes.map(({ knownPort }) => `${host}:${knownPort}`).join(',')
  const how = nodes.length === 1 ? 'directConnection=true' : `replicaSet=${REPLICA_SET}`
  return `mongodb://${hosts}/?${how}`
}
