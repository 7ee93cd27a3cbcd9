const SHOWN_MAX = 4

/** Known words that are like this one, the likest first; empty where none is. */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  const asked = word.toLowerCase()
  const limit = Math.max(2, Math.floor(asked.length / 3))
  return known
    .map((name) => ({ name, steps: stepsTo(name, asked) }))
    .filter(({ steps }) => steps <= limit)
    .toSorted((a, b) => a.steps - b.steps || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN_MAX)
    .map(({ name }) => name)
}

function stepsTo(name: string, asked: string): number {
  if (name === asked) return 0
  return name.includes(asked) ? 1 : distance(asked, name)
}

/** Letters to put in, take out or change (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...to].entries()) {
      const changed = (row[column] ?? 0) + Number(letter !== other)
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
