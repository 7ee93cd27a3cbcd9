import { type Count, countOf, type Finding } from './finding.ts'

export interface SummaryInput {
  /** Faults that were injected while the log was written. */
  readonly faults: number
  /** Commands that were under way while faults were injected. */
  readonly exposed: number
  readonly findings: readonly Finding[]
  readonly commands: { readonly total: number; readonly inDoubt: number }
}

/**
 * The one line of a run with faults. What two invariants find about one thing counts once.
 * Findings of other kinds have no column: a run is clean only where there are none at all.
 */
export function summaryLine({ faults, exposed, findings, commands }: SummaryInput): string {
  const count = (column: Count) => {
    const found = findings.filter((one) => countOf(one) === column)
    return new Set(found.map(({ subject }) => subject)).size
  }
  const columns = (['lost', 'doubled', 'false verdicts', 'unfinished'] as const).map(
    (column) => `${column} ${count(column)}`,
  )
  const counted = [`faults ${faults}`, `exposed ${exposed}`, ...columns]
  return [...counted, `in doubt ${percent(commands)} %`].join(' · ')
}

/** At most two decimals; never 0 where there is one, so that a single doubt is seen. */
function percent({ total, inDoubt }: SummaryInput['commands']): string {
  if (inDoubt === 0 || total === 0) return '0'
  return String(Math.max(0.01, Math.round((inDoubt / total) * 10_000) / 100))
}
