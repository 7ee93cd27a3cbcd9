import { flow } from './flow.ts'
import type { WalkRow } from './walk.ts'

/** The flow as a table: step, what happened, milliseconds since the first row, the file to open. */
export function flowTable(rows: readonly WalkRow[]): string {
  const start = rows[0]?.atMs ?? 0
  const cells = rows.map(({ step, what, atMs }, index) => {
    const files = filesOf(step, index)
    return [step, `${time(atMs)}`, `+${Math.max(0, atMs - start)} ms`, what, files] as const
  })
  const head = ['step', 'time', 'since tap', 'what happened', 'where it is written'] as const
  const all = [head, ...cells]
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))))
  const lines = all.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return lines.map((line) => `  ${line}`).join('\n')
}

/** Two rows are called "on the log": the first one is the opt-in's. */
function filesOf(step: string, index: number): string {
  const named = flow.filter((row) => row.step === step)
  if (step !== 'on the log') return named.map(({ file }) => file).join(', ')
  return named[index < flow.length / 2 ? 0 : 1]?.file ?? ''
}

function time(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23)
}

function pad(text: string, to: number): string {
  return text + ' '.repeat(Math.max(0, to - width(text)))
}

/** Columns a terminal gives a text: wide East Asian characters take two. */
function width(text: string): number {
  return [...text].reduce(
    (sum, character) =>
      sum + (/[\u1100-\u9fff\uac00-\ud7ff\uff00-\uffef]/u.test(character) ? 2 : 1),
    0,
  )
}
