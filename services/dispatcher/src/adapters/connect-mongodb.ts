import { type MongodbAccess, mongodbOptions, noUsableAnswer, refusedByMongodb } from '@otn/runtime'
import {
  type Db,
  type DbOptions,
  MongoClient,
  MongoError,
  ReadConcern,
  WriteConcern,
} from 'mongodb'

export interface MongodbConnection {
  readonly db: Db
  close(): Promise<void>
}

const POOL_MAX = 64
const HEARTBEAT_MS = 1_000

/**
 * Connects with what the claims rely on: journaled majority writes, reads of what a majority
 * has from the primary, a limit on every wait. @throws OTN_STORE_UNREACHABLE (retryable)
 */
export async function connectMongodb(options: {
  readonly uri: string
  readonly database: string
  readonly timeoutMs: number
  /** Left out = as the address says. */
  readonly access?: MongodbAccess
}): Promise<MongodbConnection> {
  const { uri, database, timeoutMs, access } = options
  const client = new MongoClient(uri, {
    appName: 'otn-dispatcher',
    readPreference: 'primary',
    retryWrites: true,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    // A store that was away for a moment is found again after this long, not after ten seconds.
    heartbeatFrequencyMS: HEARTBEAT_MS,
    socketTimeoutMS: 2 * timeoutMs,
    maxPoolSize: POOL_MAX,
    promoteBuffers: true,
    ...(access ? mongodbOptions(access) : {}),
  })
  await reaching(
    client.connect().catch((cause) => {
      throw refusedByMongodb(cause) ?? cause
    }),
  )
  return { db: client.db(database, concerns(timeoutMs)), close: () => client.close() }
}

/**
 * What may still be rolled back is neither believed nor acknowledged: an offset is committed upon
 * it, a person called. Said here, for an address may carry settings that win over the client's.
 */
function concerns(wtimeoutMS: number): DbOptions {
  return {
    writeConcern: new WriteConcern('majority', wtimeoutMS, true),
    readConcern: new ReadConcern('majority'),
  }
}

/** Names what a failure of MongoDB means to us; errors that are not MongoDB's pass as they are. */
export async function reaching<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw storeError(error)
  }
}

export function storeError(cause: unknown): unknown {
  return cause instanceof Error && isOfStore(cause) ? noUsableAnswer(cause) : cause
}

/** The driver lets an error of its socket through as it is where a write meets a closed one. */
function isOfStore(error: Error): boolean {
  return error instanceof MongoError || 'syscall' in error
}
