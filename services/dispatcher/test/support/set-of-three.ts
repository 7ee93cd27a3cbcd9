/** Claims on a replica set of three whose members a test may cut off, kill and vote out. */
import { type MongodbMember, primaryOf } from '@otn/engines'
import { commandId, type TokenId } from '@otn/kernel'
import { type ProxiedMongodb, startProxiedMongodb, waitFor } from '@otn/testing'
import { commandsIn } from '../../src/adapters/commands-mongodb.ts'
import { connectMongodb, type MongodbConnection } from '../../src/adapters/connect-mongodb.ts'
import { type Database, databaseIn, makeDatabase } from '../../src/adapters/database.ts'
import { inboxIn } from '../../src/adapters/inbox-mongodb.ts'
import { newDocument, type StoredCommand } from '../../src/domain/document.ts'
import { ifSame } from '../../src/domain/if-same.ts'
import { claim } from '../../src/domain/transitions.ts'
import type { Changed, Commands } from '../../src/ports.ts'
import { attempted, command, document, written } from './command-facts.ts'

const DATABASE = 'three_dispatcher'
const LEASE_MS = 60_000

/** What one dispatcher has of the store. */
export interface Side {
  readonly database: Database
  readonly commands: Commands
}

export interface SetOfThree extends AsyncDisposable {
  readonly proxied: ProxiedMongodb
  readonly members: readonly MongodbMember[]
  /** A connection of its own as the dispatcher opens it, by default to the whole set. */
  connect(uri?: string): Promise<Side & Pick<MongodbConnection, 'db'>>
  /** Open commands in a database that was made anew. */
  record(count: number): Promise<readonly StoredCommand[]>
}

export async function startSetOfThree(): Promise<SetOfThree> {
  const proxied = await startProxiedMongodb()
  const { mongodb } = proxied
  const connections: MongodbConnection[] = []
  const connect = async (uri = mongodb.mongodbUri) => {
    const connection = await connectMongodb({ uri, database: DATABASE, timeoutMs: 5_000 })
    connections.push(connection)
    return { ...sideOf(connection.db), db: connection.db }
  }
  return {
    proxied,
    members: mongodb.members,
    connect,
    record: async (count) => {
      const { database, commands } = await connect()
      await makeDatabase(database)
      const names = Array.from({ length: count }, (_, index) => `c-${index}`)
      const fresh = names.map((name) => {
        const of = command({ commandId: commandId(name) })
        return document(newDocument({ command: of, content: null, giveUpAt: null }))
      })
      const inbox = inboxIn(database.commands)
      const entries = fresh.map((one) => {
        return { document: one, leaseMs: 0, revision: inbox.firstRevision() }
      })
      await inbox.record(entries)
      const stored = await Promise.all(names.map((name) => commands.read(`1000:${name}`)))
      return stored.filter((one) => one !== null)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(connections.map((connection) => connection.close()))
      await proxied.stop()
    },
  }
}

export function sideOf(db: MongodbConnection['db']): Side {
  const database = databaseIn(db)
  return { database, commands: commandsIn(database.commands) }
}

/** C1, as a dispatcher does it: the token for the first attempt of this command. */
export function claimToken(
  { commands }: Side,
  known: StoredCommand,
  tokenId: TokenId,
): Promise<Changed> {
  const facts = [written(known.command, attempted(1, tokenId))]
  const wanted = { attempt: 1, tokenId, written: facts, leaseMs: LEASE_MS, worker: 'w' }
  return commands.change(
    known,
    ifSame(known, (same) => claim(same, wanted)),
  )
}

export async function untilState(member: MongodbMember, state: string): Promise<void> {
  const isThere = async () => (await member.state()) === state
  await waitFor(isThere, { timeoutMs: 60_000, describe: `${member.name} to become ${state}` })
}

/** All three are up and in agreement, and whoever leads has been told to nobody else. */
export async function untilWhole({ members }: SetOfThree): Promise<MongodbMember> {
  const isWhole = async () => {
    const states = await Promise.all(members.map((member) => member.state()))
    return states.toSorted().join() === 'PRIMARY,SECONDARY,SECONDARY'
  }
  await waitFor(isWhole, { timeoutMs: 60_000, describe: 'a primary and two that follow' })
  return primaryOf(members)
}
