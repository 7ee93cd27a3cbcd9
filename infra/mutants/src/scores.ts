import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { groups } from './groups.ts'
import type { Score } from './score.ts'

/** What each group came to when it was run last, by its name. */
export type Scores = Readonly<Record<string, Score>>

const FILE = join(import.meta.dirname, '../scores.json')

export const scores: Scores = JSON.parse(readFileSync(FILE, 'utf8'))

/** Keeps what the groups that were run came to; of the others, what is known. */
export function keepScores(fresh: Scores): void {
  const known = { ...scores, ...fresh }
  const kept = groups.flatMap(({ name }) => (known[name] ? [[name, known[name]]] : []))
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`)
}
