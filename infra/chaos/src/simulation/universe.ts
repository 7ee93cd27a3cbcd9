import type { Appender, OutRecord } from '@otn/bus'
import type { LedgerAnswer, LedgerQuestion } from '@otn/dispatcher/decisions'
import type { Clock } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { Bytes } from './bytes.ts'
import type { Claims } from './claims.ts'
import type { Climate } from './climate.ts'
import type { Coverage } from './coverage.ts'
import type { Faults } from './faults.ts'
import type { Flaw } from './flaw.ts'
import type { Group } from './group.ts'
import type { Judge } from './judge.ts'
import type { Kafka } from './kafka.ts'
import type { LedgerDatabase } from './ledger-database.ts'
import type { Platform } from './platform.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { Wire } from './wire.ts'

/** Everything a process finds around itself. */
export interface Universe {
  readonly random: Random
  readonly scheduler: Scheduler
  readonly wire: Wire
  readonly climate: () => Climate
  readonly kafka: Kafka
  readonly bytes: Bytes
  readonly claims: Claims
  readonly ledgerDatabase: LedgerDatabase
  readonly groups: {
    readonly commands: Group
    readonly facts: Group
    readonly ledger: Group
  }
  readonly platform: Platform
  readonly judge: Judge
  readonly coverage: Coverage
  readonly faults: Faults
  readonly flaw: Flaw | null
  readonly policy: 'probe' | 'hold'
  /** Business clock. */
  readonly clock: Clock
  /** The query API, wherever the ledger runs now. */
  readonly ledger: () => LedgerApi | null
  /** The process ends by an error of its own; somebody starts it again. */
  readonly fail: (actor: Actor, error: unknown) => void
}

export interface LedgerApi {
  readonly actor: Actor
  /** @throws where it cannot answer now */
  ask(question: LedgerQuestion): Promise<LedgerAnswer>
}

/** The bus of a process, as far as writing goes. */
export function appenderOf(
  { kafka }: Pick<Universe, 'kafka'>,
  actor: Actor,
  aboutOf: (records: readonly OutRecord[]) => string,
): Appender {
  return {
    append: async (records, { deadlineMs = Number.POSITIVE_INFINITY } = {}) => {
      await kafka.append(actor, records, { about: aboutOf(records), deadlineMs })
      return []
    },
    close: async () => {},
    state: {
      queued: 0,
      queuedBytes: 0,
      oldestMs: 0,
      isReachable: true,
      refusedPartitions: [],
      acknowledgedTotal: 0,
      resentTotal: 0,
      failedTotal: 0,
      producersReplacedTotal: 0,
    },
  }
}
