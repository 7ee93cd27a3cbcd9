import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka, startMongodb } from '@otn/engines'
import { makeAuthority } from './authority.ts'

/** Whom the engines know, by a password; neither lets it do anything before it is granted. */
export interface EngineUser {
  readonly username: string
  readonly password: string
}

/** Kafka and MongoDB of their own, closed to strangers: TLS, users, and nothing without a grant. */
export interface SecuredEngines extends AsyncDisposable {
  /** PEM file of the authority that signed both. */
  readonly caFile: string
  /** By TLS and SCRAM-SHA-512. */
  readonly kafkaBrokers: readonly string[]
  /** The brokers' back door, without TLS: who comes by it may do everything. */
  readonly openBrokers: readonly string[]
  readonly mongodbUri: string
  /** Runs a command of the database `admin` as the set itself: roles, users. */
  asRoot(command: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** Starts both natively: in Docker their files would have to be in the containers. */
export async function startSecuredEngines(users: readonly EngineUser[]): Promise<SecuredEngines> {
  const folder = await mkdtemp(join(tmpdir(), 'otn-secured-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const authority = await makeAuthority(folder)
    const { certificate, key, certificateFile, caFile } = authority
    const setKey = { key: randomBytes(48).toString('base64'), keyFile: join(folder, 'set.key') }
    await writeFile(setKey.keyFile, setKey.key, { mode: 0o600 })
    const [kafka, mongodb] = await allOrNone([
      startKafka({ how: 'native', security: { certificate, key, users } }),
      startMongodb({ how: 'native', security: { certificateFile, caFile, ...setKey } }),
    ])
    const [member] = mongodb.members
    if (member === undefined) throw new Error('MongoDB was to be started')
    return {
      caFile,
      kafkaBrokers: kafka.brokers.map(({ secured }) => secured ?? ''),
      openBrokers: kafka.kafkaBrokers,
      mongodbUri: mongodb.mongodbUri,
      asRoot: (command) => member.command(command),
      [Symbol.asyncDispose]: async () => {
        await Promise.all([kafka.stop(), mongodb.stop()])
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

interface Stoppable {
  stop(): Promise<void>
}

/** Where one fails, the other one must not stay. */
async function allOrNone<A extends Stoppable, B extends Stoppable>(
  starts: readonly [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled(starts)
  if (first.status === 'fulfilled' && second.status === 'fulfilled') {
    return [first.value, second.value]
  }
  for (const start of [first, second]) if (start.status === 'fulfilled') await start.value.stop()
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason
}
