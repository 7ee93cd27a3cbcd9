/** What a cell's run leaves behind: everything that table, line, sums and picture are made of. */
import type { Finding } from '@otn/auditor'
import type { Family } from './exercise.ts'

export interface FaultDone {
  readonly id: string
  /** Machine time since the cell's start, ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Commands under way while it struck or until it was over. */
  readonly exposed: number
  /** Why it does not count; null = it struck. */
  readonly missed: string | null
}

/** What is seen of the cell every now and then, for the picture. */
export interface Sample {
  readonly atMs: number
  readonly published: number
  readonly open: number
  readonly consents: number
  readonly delivered: number
}

export interface CellResult {
  readonly name: string
  readonly family: Family
  readonly seed: number
  readonly faults: readonly FaultDone[]
  readonly exposed: number
  readonly commands: { readonly total: number; readonly inDoubt: number }
  /** Why commands stand in doubt, for people. */
  readonly doubts: readonly string[]
  readonly findings: readonly Finding[]
  /** Whatever else is wrong with the run, in words. */
  readonly troubles: readonly string[]
  readonly samples: readonly Sample[]
  readonly seconds: number
  readonly restSeconds: number
}
