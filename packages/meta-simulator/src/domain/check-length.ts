import { invalid, type Refused } from './judgement.ts'
import type { Switches } from './switches.ts'

export interface Measured {
  readonly value: unknown
  readonly max: number
}

/** The refusal of a value that is no text or too long, or null; an absent value is neither. */
export function checkLength(
  name: string,
  { value, max }: Measured,
  { countIn }: Switches,
): Refused | null {
  if (value === undefined) return null
  if (typeof value !== 'string') return invalid(`param ${name} must be a string.`)
  // No text has more characters than units.
  if (value.length <= max) return null
  const length = countIn === 'code-points' ? [...value].length : value.length
  return length <= max ? null : invalid(`Length of param ${name} must be at most ${max}`)
}

/** As `checkLength`, and absent or empty is refused too. */
export function checkText(name: string, measured: Measured, switches: Switches): Refused | null {
  const { value } = measured
  if (value === undefined || value === '') return invalid(`param ${name} must be non-empty.`)
  return checkLength(name, measured, switches)
}

/** The first refusal of several readings, or null. */
export function firstFault(faults: Iterable<Refused | null>): Refused | null {
  for (const fault of faults) if (fault !== null) return fault
  return null
}
