import { printable } from './printable.ts'

const GAP = '  '

/** Rows as aligned columns under their headings; cells are made printable. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => printable(cell ?? '-')))
  const all = [headings, ...cells]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => width(row[column]))))
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}

/** Name and value, one pair a line, values aligned; pairs without a value are left out. */
export function pairs(
  entries: readonly (readonly [string, string | null | undefined])[],
): readonly string[] {
  const given = entries.flatMap(([name, value]) => (value ? [[name, value] as const] : []))
  const widest = Math.max(0, ...given.map(([name]) => name.length))
  return given.map(([name, value]) => `${name.padEnd(widest)}${GAP}${printable(value)}`)
}

function width(cell: string | undefined): number {
  return cell?.length ?? 0
}
