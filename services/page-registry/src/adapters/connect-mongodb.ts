import { appError } from '@otn/kernel'
import { type MongodbAccess, mongodbOptions, noUsableAnswer, refusedByMongodb } from '@otn/runtime'
import {
  type Db,
  type DbOptions,
  MongoClient,
  type MongoClientOptions,
  MongoError,
  ReadConcern,
  WriteConcern,
} from 'mongodb'

export interface MongodbConnection {
  readonly client: MongoClient
  readonly db: Db
  close(): Promise<void>
}

const POOL_MAX = 8
const HEARTBEAT_MS = 1_000

/**
 * Connects with what the registry relies on: journaled majority writes, reads of what a majority
 * has from the primary, limits on every wait. @throws OTN_STORE_UNREACHABLE (retryable),
 * OTN_CONFIG_INVALID
 */
export async function connectMongodb(options: {
  readonly uri: string
  readonly database: string
  readonly timeoutMs: number
  readonly access: MongodbAccess
}): Promise<MongodbConnection> {
  const { database, timeoutMs } = options
  const client = clientOf(options)
  try {
    await client.connect()
    return { client, db: client.db(database, concerns(timeoutMs)), close: () => client.close() }
  } catch (cause) {
    await client.close()
    const refused = refusedByMongodb(cause)
    if (refused !== null) throw refused
    const hosts = client.options.hosts.map(String).join(', ')
    const message = `MONGODB_URI: no usable MongoDB answers at ${hosts} in ${timeoutMs} ms`
    throw appError('OTN_STORE_UNREACHABLE', { message, cause })
  }
}

/** Said here, for an address may carry settings that win over the client's. */
function concerns(wtimeoutMS: number): DbOptions {
  return {
    writeConcern: new WriteConcern('majority', wtimeoutMS, true),
    readConcern: new ReadConcern('majority'),
  }
}

interface ClientWish {
  readonly uri: string
  readonly timeoutMs: number
  readonly access: MongodbAccess
}

function clientOf({ uri, timeoutMs, access }: ClientWish) {
  const options: MongoClientOptions = {
    appName: 'otn-page-registry',
    readPreference: 'primary',
    retryWrites: true,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    // A store that was away for a moment is found again after this long, not after ten seconds.
    heartbeatFrequencyMS: HEARTBEAT_MS,
    socketTimeoutMS: 2 * timeoutMs,
    maxPoolSize: POOL_MAX,
    promoteBuffers: true,
    ...mongodbOptions(access),
  }
  try {
    return new MongoClient(uri, options)
  } catch (cause) {
    const message =
      'MONGODB_URI: the driver cannot read it; wanted mongodb://host:port/?replicaSet=…'
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
}

/** Names what a failure of MongoDB means to us; errors that are not MongoDB's pass as they are. */
export async function reaching<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    throw cause instanceof Error && isOfStore(cause) ? noUsableAnswer(cause) : cause
  }
}

/** The driver lets an error of its socket through as it is where a write meets a closed one. */
function isOfStore(error: Error): boolean {
  return error instanceof MongoError || 'syscall' in error
}
