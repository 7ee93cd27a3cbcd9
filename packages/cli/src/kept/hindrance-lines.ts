/** What cannot be done, by cause: one line each, with a count and one entry to look at. Pure. */
import { printable } from '../output/printable.ts'
import type { Hindrance } from './hindrance.ts'
import type { KeptEntry } from './kept-entry.ts'

/** A stranger could make a cause for each entry: `--json` carries them all. */
const CAUSES_MAX = 20

export interface Hindered {
  readonly entry: KeptEntry
  readonly hindrances: readonly Hindrance[]
}

export function hindranceLines(hindered: readonly Hindered[]): readonly string[] {
  const all = hindered.flatMap(({ entry, hindrances }) =>
    hindrances.map((hindrance) => ({ ...hindrance, eventId: entry.eventId })),
  )
  const causes = [...Map.groupBy(all, ({ code, text }) => `${code}: ${text}`)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, CAUSES_MAX)
  return causes.map(([cause, [first, ...rest]]) => {
    const more = rest.length === 0 ? '' : ` and ${rest.length} more`
    return `cannot: ${printable(cause)} (${first?.eventId}${more})`
  })
}
