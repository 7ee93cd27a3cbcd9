/** What came of situations, counted: who decided, and what the simulator says of it. */
import type { ShadowRecord } from '@otn/shadow'

export interface Row {
  /** `sent`: a call was made and taken. `called`: made and refused. `held`: none was made. */
  readonly what: 'sent' | 'called' | 'held'
  /** What decided: a rule, or the reason of a wait or a gate; of a refused call the answer. */
  readonly by: string
  readonly simulator: 'takes' | 'refuses'
  readonly count: number
}

export interface Report {
  readonly situations: number
  readonly rows: readonly Row[]
  /** Where the dry run had told something else than came of the command. */
  readonly mismatches: readonly string[]
  /** Commands whose dry run told a call, which then was made byte by byte. */
  readonly foreseen: number
  readonly seconds: number
  /** What was on the log at the end. */
  readonly records: readonly ShadowRecord[]
}

export class Tally {
  readonly #counts = new Map<string, Row>()

  add(row: Omit<Row, 'count'>): void {
    const key = JSON.stringify([row.what, row.by, row.simulator])
    const count = (this.#counts.get(key)?.count ?? 0) + 1
    this.#counts.set(key, { ...row, count })
  }

  rows(): readonly Row[] {
    const place = ({ what, simulator }: Row) => `${ORDER.indexOf(what)}${simulator}`
    return [...this.#counts.values()].toSorted(
      (a, b) => place(a).localeCompare(place(b)) || b.count - a.count || (a.by < b.by ? -1 : 1),
    )
  }
}

const ORDER: readonly Row['what'][] = ['sent', 'called', 'held']

/** What was sent although the simulator refuses, unless nobody tells the app why. */
export function wronglySent(
  { rows }: Report,
  untold: Readonly<Record<string, string>>,
): readonly Row[] {
  return rows.filter(({ what, by }) => what === 'called' && !Object.hasOwn(untold, by))
}

/** What was held back although the simulator takes it. */
export function stricter({ rows }: Report): readonly Row[] {
  return rows.filter(({ what, simulator }) => what === 'held' && simulator === 'takes')
}

export function reportTable({ situations, rows, foreseen, mismatches, seconds }: Report): string {
  const lines = rows.map(
    ({ what, by, simulator, count }) =>
      `${what.padEnd(7)}${simulator.padEnd(9)}${String(count).padStart(6)}  ${by}`,
  )
  return [
    'ours   platform   count  by',
    ...lines,
    `${situations} situations in ${seconds.toFixed(1)} s; the dry run told ${foreseen} calls, ` +
      `and was wrong ${mismatches.length} times`,
  ].join('\n')
}
