/** What a row of the conformance suite is: a fact of the platform, and how it is shown here. */
import type { SimulatorOptions } from '../../src/index.ts'
import type { Meta } from './meta.ts'

/** Stated in Meta's documentation, observed in public code and logs, or both. */
export type Mark = 'D' | 'O' | 'D/O'

interface Fact {
  /** Section and a word of its own: `2.1-bearer`. */
  readonly id: string
  /** The section of the reference that states the fact. */
  readonly section: string
  readonly mark: Mark
  /** What a client or a receiver sees on the wire. */
  readonly fact: string
}

/** A fact that a call over real HTTP shows. */
export interface ShownFact extends Fact {
  /** How the simulator is started for it; a standing clock and a fixed seed when absent. */
  readonly options?: SimulatorOptions
  readonly case: (meta: Meta) => Promise<void>
}

/** A fact that nothing here shows, and why. */
export interface LeftOutFact extends Fact {
  readonly leftOut: string
}

export type Row = ShownFact | LeftOutFact

/** A fact that is shown; its section is what its id begins with. */
export function shown(
  [id, mark, fact]: readonly [string, Mark, string],
  run: ShownFact['case'],
  options?: SimulatorOptions,
): Row {
  return { ...named(id), mark, fact, case: run, ...(options === undefined ? {} : { options }) }
}

/** A fact that is not shown. */
export function leftOut([id, mark, fact]: readonly [string, Mark, string], reason: string): Row {
  return { ...named(id), mark, fact, leftOut: reason }
}

function named(id: string): { readonly id: string; readonly section: string } {
  return { id, section: id.slice(0, id.indexOf('-')) }
}
