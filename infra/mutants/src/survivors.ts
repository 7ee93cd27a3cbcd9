import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSame, type Mutant, type Named } from './mutant.ts'

/** A mutant that no test can or need notice, with the reason. */
export interface Survivor extends Named {
  readonly why: string
}

/** The mutants that are known to survive, each with its reason: `survivors.json`. */
export const survivors: readonly Survivor[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../survivors.json'), 'utf8'),
)

export interface Comparison {
  /** Alive and not in the list: a test is missing, or a reason. */
  readonly unexplained: readonly Mutant[]
  /** In the list and not alive, or gone from the code. */
  readonly stale: readonly Survivor[]
}

/** @param listed only those of files that were mutated, so that a part of the groups may be run */
export function compare(listed: readonly Survivor[], mutants: readonly Mutant[]): Comparison {
  const alive = mutants.filter(({ fate }) => fate !== 'killed')
  return {
    unexplained: alive.filter((mutant) => !listed.some((one) => isSame(one, mutant))),
    stale: listed.filter((one) => !alive.some((mutant) => isSame(one, mutant))),
  }
}
