/** One fault, or a few that belong together, brought upon a cell whose traffic runs on. */
import type { Cell } from './cell.ts'

/** Groups of the table. */
export type Family =
  | 'dispatcher'
  | 'token-ledger'
  | 'ingress'
  | 'takeover'
  | 'zombies'
  | 'graph'
  | 'network'
  | 'kafka'
  | 'mongodb'
  | 'disk'
  | 'clock'
  | 'poison'
  | 'restarts'
  | 'rebuild'
  | 'upgrade'
  | 'production'

export interface Exercise {
  readonly family: Family
  /** What is done, in a few words: `kill claim.before`. */
  readonly id: string
  /**
   * Does it and heals it. Resolves when it has struck and is over.
   * @throws where it did not strike: a fault that was not injected proves nothing
   */
  readonly run: (cell: Cell) => Promise<void>
}
