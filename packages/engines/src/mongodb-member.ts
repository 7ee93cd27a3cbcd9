/** What tests ask and tell one server of a replica set. */
import type { Document } from 'mongodb'
import type { EngineProcess, MongodbMember } from './engine.ts'
import type { MongodbNode } from './mongodb-plan.ts'
import { withAdmin } from './replica-set.ts'
import { asTheSet, type MongodbSecurity } from './security.ts'
import { waitFor } from './wait-for.ts'

const ELECTION_MS = 60_000
/** How long a primary that steps down waits for another one to have caught up. */
const CATCH_UP_SECONDS = 1

/** A running server as a member of its set. */
export function asMember(engine: EngineProcess, node: MongodbNode, host: string): MongodbMember {
  const behindProxy = `${host}:${node.port}`
  const command = (wanted: Readonly<Record<string, unknown>>): Promise<Document> =>
    withAdmin(directUri(behindProxy, node.security), (admin) => admin.command(wanted))
  return {
    ...engine,
    address: `${host}:${node.knownPort}`,
    behindProxy,
    command,
    state: async () => (await standingOf(command))?.state ?? null,
    stepDown: async (seconds) => {
      const secondaryCatchUpPeriodSecs = Math.min(CATCH_UP_SECONDS, seconds)
      await command({ replSetStepDown: seconds, secondaryCatchUpPeriodSecs, force: true })
    },
  }
}

/** To this server and no other one, whatever it is in its set. */
export function directUri(address: string, security?: MongodbSecurity): string {
  const { login, options } = security ? asTheSet(security) : { login: '', options: '' }
  return `mongodb://${login}${address}/?directConnection=true${options}`
}

/**
 * Waits until there is a primary among these members. Of two that take themselves for it, the one
 * elected last: the other one was cut off and has not noticed.
 * @throws a plain Error after a minute without one
 */
export async function primaryOf(members: readonly MongodbMember[]): Promise<MongodbMember> {
  return await waitFor(
    async () => {
      const standings = await Promise.all(members.map(({ command }) => standingOf(command)))
      const terms = standings.map((standing) =>
        standing?.state === 'PRIMARY' ? standing.term : -1,
      )
      const newest = Math.max(...terms)
      return newest === -1 ? null : members[terms.indexOf(newest)]
    },
    { timeoutMs: ELECTION_MS, describe: 'a primary to be elected' },
  )
}

interface Standing {
  readonly state: string
  readonly term: number
}

async function standingOf(command: MongodbMember['command']): Promise<Standing | null> {
  try {
    const { members, term } = (await command({ replSetGetStatus: 1 })) as Document
    const self = members.find((member: Document) => member.self === true)
    const state = self?.stateStr ?? 'REMOVED'
    const mayWrite = state !== 'PRIMARY' || (await command({ hello: 1 })).isWritablePrimary
    return { state: mayWrite ? state : 'STEPPING_UP', term: Number(term) }
  } catch {
    // It is down, frozen, starting, or in no set yet.
    return null
  }
}
