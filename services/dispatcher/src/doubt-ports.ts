/** What it takes to see verdicts in doubt, and to close them by hand. */
import type { PageId } from '@otn/kernel'
import type { CommandDocument, StoredCommand } from './domain/document.ts'

/** Where a doubt stands in the order: since when, and its id among those of one instant. */
export interface DoubtPlace {
  /** Null = recorded by an older build, which wrote no such instant: these come first. */
  readonly since: number | null
  readonly id: string
}

export interface DoubtQuery {
  /** Null = all pages. */
  readonly page: PageId | null
  /** The last one seen; null = from the oldest. */
  readonly after: DoubtPlace | null
  readonly limit: number
}

export interface StoredDoubt {
  readonly document: CommandDocument
  readonly place: DoubtPlace
  /** Nobody works on it before, by the store's clock, ms since the epoch. */
  readonly leaseUntil: number
}

export interface Doubts {
  /** Commands whose verdict is in doubt, oldest first. */
  list(query: DoubtQuery): Promise<readonly StoredDoubt[]>
}

export interface SettlementTelemetry {
  settledByHand(document: StoredCommand, outcome: 'sent' | 'not-sent'): void
}
