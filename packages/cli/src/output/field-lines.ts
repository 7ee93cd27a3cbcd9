import { showInstant } from './instant.ts'
import { pairs } from './table.ts'

/** An answer of an API as lines of name and value; instants readable, nothing left out. */
export function fieldLines(answer: Readonly<Record<string, unknown>>): readonly string[] {
  return pairs(Object.entries(answer).map(([name, value]) => [name, fieldText(name, value)]))
}

/** One value as people read it; null where there is none. */
export function fieldText(name: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' && /(At|Until|Before)$/.test(name)) return showInstant(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
