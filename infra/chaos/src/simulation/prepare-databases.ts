import { LEDGER_TOPICS } from '@otn/token-ledger/decisions'
import { partitionsOf } from './kafka.ts'
import { nameOf } from './outer-ports.ts'
import { COMMANDS, OWN_STREAMS } from './own-streams.ts'
import type { Universe } from './universe.ts'

/** Most worlds begin with databases that were prepared before anything happened. */
export function prepareDatabases({ claims, ledgerDatabase }: Universe): void {
  const places = [...COMMANDS, ...OWN_STREAMS].flatMap((topic) =>
    partitionsOf(topic).map((partition) => `${nameOf(topic)}/${partition}`),
  )
  claims.prepare('g-0', places)
  ledgerDatabase.prepare('l-0', LEDGER_TOPICS)
}
