/** What the token-ledger is opened with, and what stands behind its door. */
import type { Clock, Identity, PersonId } from '@otn/kernel'
import type { Log, Metrics } from '@otn/runtime'
import type { Vault } from '@otn/vault'
import type { LedgerTopic, ServedReadModel } from '../ports.ts'
import type { EventHandlers } from '../projection/read-records.ts'
import type { Operations } from '../queries/query-parts.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Seams } from './with-fault-points.ts'

export interface Opening {
  readonly log: Log
  readonly fail: (error: Error) => void
  readonly tell: Telemetry
  readonly metrics: Metrics
  readonly vault: Vault
  readonly identity: Identity
  readonly clock: Clock
  readonly pepperCheck: string
  readonly handlers: EventHandlers
  readonly seams: Seams
}

export interface Inside {
  readonly served: ServedReadModel
  readonly operations: Operations
  readonly nameOf: (topic: LedgerTopic) => string
  readonly partitionOf: (topic: LedgerTopic, person: PersonId) => number
  /** In words for people; empty = ready. */
  readonly notReady: () => readonly string[]
  readonly close: () => Promise<void>
}
