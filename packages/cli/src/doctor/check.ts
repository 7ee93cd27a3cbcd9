/**
 * A check is a thin reader, which reaches out for facts, and a pure verdict over them. Its file in
 * `checks/` holds both; `checks.ts` lists it.
 */
import type { Declarations } from '@otn/runtime/settings'
import type { Finding } from './finding.ts'
import type { Place } from './place.ts'

/** Settings without which a check has nothing to look at. */
export interface AskedSettings {
  readonly of: Declarations
  /** What it means where one of them is missing: services read their own. */
  readonly unset: 'warn' | 'fix'
}

export interface CheckSpec<Facts> {
  /** Kebab-case; scripts rest on it. */
  readonly id: string
  /**
   * Checks whose subject this one stands on. Where one of them finds something to mend, or has
   * nothing to look at, its own line says so and this check is left out.
   */
  readonly needs?: readonly string[]
  readonly settings?: AskedSettings
  readonly read: (place: Place) => Promise<Facts> | Facts
  /** At least one finding. Pure. */
  readonly judge: (facts: Facts) => readonly Finding[]
}

export interface Check {
  readonly id: string
  readonly needs: readonly string[]
  readonly settings: AskedSettings | null
  look(place: Place): Promise<readonly Finding[]>
}

/** Joins reader and verdict; nothing is read before it is looked at. */
export function defineCheck<Facts>(spec: CheckSpec<Facts>): Check {
  const { id, needs = [], settings = null, read, judge } = spec
  return { id, needs, settings, look: async (place) => judge(await read(place)) }
}
