/** Counting results, for the table, the line, the sums and the picture alike. */
import { type Count, countOf, type Finding } from '@otn/auditor'
import type { FaultDone } from './cell-result.ts'

/** Faults that count: those that struck. */
export function struckOf(faults: readonly FaultDone[]): readonly FaultDone[] {
  return faults.filter(({ missed }) => missed === null)
}

/** Things found wrong in a column, each once; null = in none of them. */
export function foundIn(findings: readonly Finding[], column: Count | null): number {
  const found = findings.filter((one) => countOf(one) === column)
  return new Set(found.map(({ subject }) => subject)).size
}

export function sumOf<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0)
}
