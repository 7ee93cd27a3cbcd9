/** What names a mutant in the list of survivors: texts, for line numbers move with every edit. */
export interface Named {
  /** From the root of the repository. */
  readonly file: string
  /** First line of the changed place as it stands in the file, without its indent. */
  readonly line: string
  /** The place, white space folded. */
  readonly was: string
  readonly becomes: string
}

/** One changed place of the code, and whether a test noticed. */
export interface Mutant extends Named {
  readonly fate: Fate
}

/** `unknown` stands for out of time, twice over or not looked at again. */
export type Fate = 'killed' | 'survived' | 'not covered' | 'unknown'

/** Lines and columns count from 1, the end is exclusive. */
export interface Place {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number }
}

/** The texts of a place in a source, and of what replaced it. */
export function textsOf(
  source: string,
  place: Place,
  replacement: string,
): Pick<Mutant, 'line' | 'was' | 'becomes'> {
  const lines = source.split('\n')
  const first = lines[place.start.line - 1] ?? ''
  const was = source.slice(offsetOf(lines, place.start), offsetOf(lines, place.end))
  return { line: first.trim(), was: folded(was), becomes: folded(replacement) }
}

export function isSame(a: Named, b: Named): boolean {
  return a.file === b.file && a.line === b.line && a.was === b.was && a.becomes === b.becomes
}

function offsetOf(lines: readonly string[], { line, column }: Place['start']): number {
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  return before + column - 1
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
