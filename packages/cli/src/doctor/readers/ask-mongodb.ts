import { appError } from '@otn/kernel'
import { mongodbOptions } from '@otn/runtime/settings'
import type { MongodbHello, MongodbTarget } from '../engine-ports.ts'

const SILENT_MS = 4_000

/** One question that needs no role, of whoever is primary. */
export async function askMongodb(target: MongodbTarget): Promise<MongodbHello> {
  // It takes a while to load, and few commands need it.
  const { MongoClient } = await import('mongodb')
  const limits = { serverSelectionTimeoutMS: SILENT_MS, connectTimeoutMS: SILENT_MS }
  const client = new MongoClient(target.mongodbUri, {
    ...{ appName: 'otn-cli', ...limits, socketTimeoutMS: 2 * SILENT_MS },
    ...mongodbOptions(target),
  })
  try {
    await client.connect()
    const from = performance.now()
    const said = await client.db('admin').command({ hello: 1 })
    return { ...readHello(said), tookMs: performance.now() - from }
  } catch (cause) {
    const hosts = client.options.hosts.map(String).join(', ')
    const message = `no usable MongoDB answers at ${hosts} (${nameOf(cause)})`
    throw appError('OTN_STORE_UNREACHABLE', { message, cause })
  } finally {
    await client.close()
  }
}

function readHello(said: Readonly<Record<string, unknown>>): Omit<MongodbHello, 'tookMs'> {
  const { setName, isWritablePrimary, hosts, lastWrite, localTime } = said
  const { lastWriteDate, majorityWriteDate }: Readonly<Record<string, unknown>> = Object(lastWrite)
  return {
    setName: typeof setName === 'string' ? setName : null,
    isPrimary: isWritablePrimary === true,
    members: Array.isArray(hosts) ? hosts.length : 1,
    majorityLagMs: msOf(lastWriteDate) - msOf(majorityWriteDate),
    localTimeMs: msOf(localTime),
  }
}

function msOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : 0
}

function nameOf(error: unknown): string {
  if (error instanceof Error && 'codeName' in error && error.codeName) return String(error.codeName)
  return error instanceof Error ? error.name : 'Error'
}
