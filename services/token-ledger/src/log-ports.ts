/** What the ledger writes to the log: its own facts, and what it has to set aside. */
import type { ReasonCode, TokenEvent, WithdrawConsent } from '@otn/contracts'
import type { CommandId, PageId } from '@otn/kernel'
import type { LedgerTopic } from './ports.ts'

/** Kafka topics that the ledger reads: what it folds, and the commands that it carries out. */
export type ReadTopic = LedgerTopic | 'consent'

/** A record that no retry can help. */
export interface Unusable {
  readonly position: {
    readonly topic: ReadTopic
    readonly partition: number
    readonly offset: bigint
  }
  readonly record: RawRecord
  readonly reason: ReasonCode
  /** Which field is wrong, never what it holds. */
  readonly detail: string
  /** What a command names of itself, where that can be used. */
  readonly names?: { readonly pageId: PageId | null; readonly commandId: CommandId | null }
}

export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly timestampMs: number
}

export interface Parking {
  /** Resolves when all of them are on the parked Kafka topic; a repeat has the same event ids. */
  park(messages: readonly Unusable[]): Promise<void>
}

/** A consent command, with where it stood. */
export interface ReadCommand {
  readonly value: WithdrawConsent
  readonly source: Pick<Unusable, 'position' | 'record'>
}

/** Facts of the ledger's own. */
export interface Facts {
  /** Resolves when all are acknowledged. Repeated, a fact has the same id. */
  tell(facts: readonly TokenEvent[]): Promise<void>
}

/** Of the ledgers of a deployment one at a time tells what the clock brings about. */
export interface Lease {
  /** Takes or prolongs it, by MongoDB's clock. @returns false while another process has it */
  hold(): Promise<boolean>
  /** Gives it back, so that another one need not wait for its end. */
  release(): Promise<void>
}
