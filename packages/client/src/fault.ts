import { type AppError, appError } from '@otn/kernel'

/** One thing wrong with what the caller gave. */
export interface Fault {
  readonly field: string
  /** What came; never the value itself where it is personal. */
  readonly got: string
  readonly wanted: string
}

/** One error for all faults of a call. */
export function invalid(what: string, faults: readonly Fault[]): AppError {
  const said = faults.map(({ field, got, wanted }) => `${field}: got ${got}, wanted ${wanted}`)
  const message = `${what}: ${said.join('; ')}`
  const details = { fields: faults.map(({ field }) => field) }
  return appError('OTN_CLIENT_INVALID', { message, publicMessage: message, details })
}

/** A value in words that fit on a line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length > 64 ? measured(value) : JSON.stringify(value)
  if (value instanceof Date) return 'a Date that is no instant'
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object'
  return String(value)
}

/** Kind and size of a personal value, without the value. */
export function measured(value: unknown): string {
  return typeof value === 'string' ? `a text of ${value.length} characters` : kindOf(value)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  return value === null ? 'null' : `a ${typeof value}`
}
