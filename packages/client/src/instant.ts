import { type Fault, shown } from './fault.ts'

/** An instant in seconds would be in 1970 if read as milliseconds: certainly a mistake. */
const EARLIEST_MS = 100_000_000_000

/** Reads a `Date` or milliseconds since the epoch; null where nothing is given. */
export function readInstant(
  field: string,
  value: unknown,
): { readonly ms: number | null; readonly faults: readonly Fault[] } {
  if (value === undefined) return { ms: null, faults: [] }
  const ms = value instanceof Date ? value.getTime() : value
  if (typeof ms === 'number' && Number.isSafeInteger(ms) && ms >= EARLIEST_MS) {
    return { ms, faults: [] }
  }
  const wanted = 'a Date, or whole milliseconds (not seconds) since the epoch'
  return { ms: null, faults: [{ field, got: shown(value), wanted }] }
}
