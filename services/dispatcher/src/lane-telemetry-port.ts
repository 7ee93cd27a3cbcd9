/** What the work on commands tells of itself. */
import type { ReasonCode } from '@otn/contracts'
import type { TokenId } from '@otn/kernel'
import type { CallOutcome } from './domain/decide-outcome.ts'
import type { StoredCommand } from './domain/document.ts'

/** One line and one count per business event. */
export interface LaneTelemetry {
  attempted(line: AttemptLine): void
  /** The lease of an attempt lapsed without an outcome. */
  lapsed(document: StoredCommand): void
  waited(document: StoredCommand, reason: ReasonCode | 'short'): void
  closed(document: StoredCommand): void
  /** Evidence settled a command that no answer had settled. */
  settled(document: StoredCommand): void
  /** A message went out of which the books said that it had not. Somebody must look. */
  contradicted(document: StoredCommand): void
}

export interface AttemptLine {
  readonly document: StoredCommand
  readonly attempt: number
  readonly tokenId: TokenId | null
  readonly outcome: CallOutcome
  readonly durationMs: number
}
