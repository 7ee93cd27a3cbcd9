/** The databases, and how planted bugs make them worse than the real ones. */
import { Claims, type ClaimsParts } from './claims.ts'
import type { Flaw } from './flaw.ts'
import { LedgerDatabase } from './ledger-database.ts'
import { type Random, revisionsOf } from './random.ts'

interface Making {
  readonly random: Random
  readonly flaw: Flaw | null
}

type ClaimsMaking = Making & Required<Pick<ClaimsParts, 'nowMs' | 'onHeld'>>

export function createClaims({ random, nowMs, flaw, onHeld }: ClaimsMaking): Claims {
  const countsFromOne = flaw === 'claims count from 1 in an emptied store'
  return new Claims({
    ...{ nowMs, onHeld },
    firstRevision: countsFromOne ? fromOne : revisionsOf(random),
    flaws: {
      isBlind: flaw === 'claim without the state guard',
      letsGoEarly: flaw === 'token released before the command is final',
      isUnsafe: flaw === 'w:1',
    },
  })
}

export function createReadModel({ random, flaw }: Making): LedgerDatabase {
  const countsFromOne = flaw === 'read model counts from 1 in an emptied store'
  return new LedgerDatabase(countsFromOne ? fromOne : revisionsOf(random))
}

const fromOne = () => 1
