import type { Style } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import type { DoctorLine } from './finding.ts'

const MARKS = { ok: 'good', warn: 'open', fix: 'bad' } as const
const GAP = '  '

/** One line each: sign, verdict, check, sentence, what mends it. */
export function doctorLines(lines: readonly DoctorLine[], style: Style): readonly string[] {
  const widest = Math.max(0, ...lines.map(({ check }) => check.length))
  return lines.map(({ verdict, check, sentence, fix }) => {
    const what = `${verdict.padEnd(4)}${GAP}${check.padEnd(widest)}${GAP}${printable(sentence)}`
    const mend = fix === null ? '' : style.dim(`  → ${printable(fix)}`)
    return `${style.marked(MARKS[verdict], what)}${mend}`
  })
}
