/** What Kafka may do with a log: repeat records, and show its partitions in any order. */
import type { AuditRecord } from '../../src/audit-record.ts'
import { type Entry, placed } from './story.ts'

/** Numbers from 0 to 1 that say what to repeat and which partition to read next. */
export type Chances = readonly number[]

/** Some records stand on the log once more, up to ten seconds later. */
export function withRepeats(entries: readonly Entry[], chances: Chances): readonly Entry[] {
  const copies = chances.flatMap((chance) => {
    const entry = entries[Math.floor(chance * entries.length)]
    return entry ? [{ ...entry, timestampMs: entry.timestampMs + 10_000 * chance }] : []
  })
  return [...entries, ...copies]
}

/** The records with the order within each partition kept, and no other. */
export function shuffled(entries: readonly Entry[], chances: Chances): readonly AuditRecord[] {
  const queues = Map.groupBy(
    placed(entries),
    ({ place: { topic, partition } }) => `${topic}/${partition}`,
  )
  const waiting = [...queues.values()].map((records) => [...records])
  const read: AuditRecord[] = []
  for (let turn = 0; waiting.length > 0; turn += 1) {
    const chance = chances[turn % chances.length] ?? 0
    const index = Math.floor(chance * waiting.length) % waiting.length
    const next = waiting[index]?.shift()
    if (next === undefined) waiting.splice(index, 1)
    else read.push(next)
  }
  return read
}
