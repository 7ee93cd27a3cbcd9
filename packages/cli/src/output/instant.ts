import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@otn/kernel'

const UNITS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
}
const DURATION = /^([+-]?)(\d{1,6})([smhd])$/

/** `2026-11-22 08:15:04.120Z`: sortable, in one time zone. */
export function showInstant(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ')
}

/** `3d`, `2h`, `5m`, `12s`: the largest unit that it has one of. */
export function showAge(ms: number): string {
  const age = Math.max(0, ms)
  const [unit, length] = Object.entries(UNITS).findLast(([, of]) => age >= of) ?? ['s', SECOND_MS]
  return `${Math.floor(age / length)}${unit}`
}

export interface InstantRules {
  readonly nowMs: number
  /** Where a length without a sign points: `2h` ago, or in `2h`. */
  readonly unsigned: 'past' | 'future'
}

/** Reads ISO 8601 with a zone, or a length from now (`2h`, `+30m`, `-1d`); null where none. */
export function readInstant(text: string, { nowMs, unsigned }: InstantRules): number | null {
  const [, sign, count, unit] = DURATION.exec(text) ?? []
  if (count !== undefined && unit !== undefined) {
    const length = Number(count) * (UNITS[unit] ?? 0)
    const isPast = sign === '-' || (sign === '' && unsigned === 'past')
    return nowMs + (isPast ? -length : length)
  }
  // Without a zone the same text would mean another instant on another machine.
  if (!/^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:?\d{2}))?$/.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}
