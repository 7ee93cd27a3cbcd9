import type { MutantResult } from '@stryker-mutator/api/core'
import type { Fate } from './mutant.ts'

type Status = MutantResult['status']

const FATES: Partial<Record<Status, Fate>> = {
  Killed: 'killed',
  Survived: 'survived',
  NoCoverage: 'not covered',
  Timeout: 'unknown',
}

/**
 * What became of a mutant; undefined where it was none. A time-out may be the machine's: it is a
 * kill only where the mutant, run again alone with far more time, fails a test or ends as little.
 * @param again how that second run ended; undefined where there was none
 */
export function fateOf(status: Status, again?: Status): Fate | undefined {
  if (status !== 'Timeout' || again === undefined) return FATES[status]
  return again === 'Timeout' ? 'killed' : (FATES[again] ?? 'unknown')
}
