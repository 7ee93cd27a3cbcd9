import type { ProfileName } from './profile.ts'

/** Ways between two parts that can be hurt, where the cell asks for proxies. */
export type Link =
  | 'meta-ingress'
  | 'ledger-mongodb'
  | 'dispatcher-mongodb'
  | 'dispatcher-ledger'
  | 'dispatcher-graph'

/** Parts that have a clock of their own where the cell asks for it. */
export type Clocked = 'ingress' | 'token-ledger' | 'dispatcher'

export interface CellOptions {
  readonly name: string
  readonly seed: number
  readonly profile: ProfileName
  readonly dispatchers: 1 | 2
  /** Whether every link goes through a proxy of its own. */
  readonly isProxied: boolean
  /** Whether each service follows a clock of its own, which can jump. */
  readonly hasOwnClocks: boolean
  /** Stories a second. */
  readonly rate: number
}
