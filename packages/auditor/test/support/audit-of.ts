import { HOUR_MS } from '@otn/kernel'
import type { AuditRecord } from '../../src/audit-record.ts'
import { type AuditState, evolve, newAudit } from '../../src/audit-state.ts'
import { collapse, findings } from '../../src/findings.ts'
import { defaultLimits } from '../../src/limits.ts'

export function stateOf(records: readonly AuditRecord[]): AuditState {
  return records.reduce(evolve, newAudit())
}

/** The same with everything kept in short as soon as it may be. */
export function collapsedStateOf(records: readonly AuditRecord[]): AuditState {
  return records.reduce(
    (state, record) => collapse(evolve(state, record), Infinity, defaultLimits),
    newAudit(),
  )
}

/** Long after the last record: everything that was to come has been read. */
export function endOf(records: readonly AuditRecord[]): number {
  return Math.max(0, ...records.map(({ place }) => place.timestampMs)) + 48 * HOUR_MS
}

/** The codes of what is found long after the last record. */
export function codesOf(records: readonly AuditRecord[], nowMs = endOf(records)): string[] {
  return findings(stateOf(records), nowMs, defaultLimits).map(({ code }) => code)
}
