import type { Positions } from '@otn/bus'
import type { PersonId } from '@otn/kernel'
import { lastAttempt } from '../domain/command.ts'
import type { StoredCommand } from '../domain/document.ts'
import { DECIDING_TOPICS, type DecidingTopic, type Offsets } from '../domain/freshness.ts'
import type { LogEnds } from '../ports.ts'
import { coalesce } from './coalesce.ts'
import { perTopic } from './ledger-http.ts'

/** Commands whose wait is remembered; a forgotten one reads the ends again, which is only later. */
const REMEMBERED_MAX = 10_000
/** Who asks at the same time shares one answer. */
const SHARED_MAX = 10_000

type Ends = Readonly<Record<DecidingTopic, readonly bigint[]>>

/** Where the log ended when a refusal was first about to be given, kept until the command moves. */
export function createLogEnds(
  positions: Positions,
  partitionOf: (topic: DecidingTopic, person: PersonId) => number,
): LogEnds {
  const remembered = new Map<string, Offsets>()
  const read = coalesce<null, Ends>(
    async (askers) => {
      const ends = await positions.endOffsetsOf(DECIDING_TOPICS)
      return askers.map(() => ends)
    },
    { sizeMax: SHARED_MAX, callsMax: 1 },
  )
  const now: LogEnds['now'] = async (person) => {
    const ends = await read(null)
    return perTopic((topic) => {
      const all = new Map(ends[topic].entries())
      if (person === null) return all
      const partition = partitionOf(topic, person)
      return new Map([[partition, all.get(partition) ?? 0n]])
    })
  }
  return {
    now,
    needsOf: async (document, person) => {
      const key = `${keyOf(document)}/${person ?? ''}`
      const known = remembered.get(key)
      if (known) return known
      const needs = await now(person)
      const [oldest] = remembered.size >= REMEMBERED_MAX ? remembered.keys() : []
      if (oldest !== undefined) remembered.delete(oldest)
      remembered.set(key, needs)
      return needs
    },
    forget: (document) => {
      for (const person of [document.command.person ?? '', '']) {
        remembered.delete(`${keyOf(document)}/${person}`)
      }
    },
  }
}

function keyOf({ id, command }: StoredCommand): string {
  return `${id}/${lastAttempt(command)}`
}
