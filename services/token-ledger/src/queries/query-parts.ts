import type { Identity, PersonId } from '@otn/kernel'
import type { authorize, Scope } from '@otn/runtime'
import type { Calendar } from '../domain/expiry.ts'
import type { Digest, LedgerTopic, Offsets, RebuildReport, ServedReadModel } from '../ports.ts'
import type { PersonalVault } from '../vault-ports.ts'

/** What the routes of the query API are made with. */
export interface QueryParts {
  readonly served: ServedReadModel
  readonly identity: Identity
  readonly vault: PersonalVault
  /** Expiry as of now. */
  readonly calendar: () => Calendar
  readonly mayCall: (scope: Scope) => ReturnType<typeof authorize>
  /** Name of a Kafka topic on the cluster. */
  readonly nameOf: (topic: LedgerTopic) => string
  readonly partitionOf: (topic: LedgerTopic, person: PersonId) => number
  readonly tapOpensWindow: boolean
  readonly candidateTokensMax: number
  readonly operations: Operations
}

export interface DigestReport {
  readonly digest: Digest
  readonly version: number
  readonly offsets: Offsets
  /** False where facts were folded while the documents were read. */
  readonly isAtRest: boolean
}

export interface Operations {
  /** Where the fold stands, also while the read model is filled for the first time. */
  position(): Promise<Offsets>
  /** Null while another rebuild runs. */
  startRebuild(): Promise<RebuildReport | null>
  lastRebuild(): Promise<RebuildReport | null>
  digest(): Promise<DigestReport>
}
