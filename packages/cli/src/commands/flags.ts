/** Reading flags, with an error that names flag, what came and what was wanted. */
import { CliError, exitCodes } from '../exit-code.ts'
import { type InstantRules, readInstant } from '../output/instant.ts'

export function instantFlag(
  flag: string,
  { text, ...rules }: InstantRules & { readonly text: string | undefined },
): number | undefined {
  if (text === undefined) return undefined
  const ms = readInstant(text, rules)
  if (ms !== null) return ms
  const wanted = 'a length such as 2h, 30m, 7d, or an instant such as 2026-11-22T08:00:00Z'
  throw usage(flag, { got: JSON.stringify(text), wanted })
}

export function wholeFlag(
  flag: string,
  { text, min, max }: { readonly text: string; readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  const wanted = `a whole number from ${min} to ${max}`
  throw usage(flag, { got: JSON.stringify(text), wanted })
}

export function choiceFlag<const T extends string>(
  flag: string,
  { text, of }: { readonly text: string | undefined; readonly of: readonly T[] },
): T | undefined {
  if (text === undefined) return undefined
  const found = of.find((choice) => choice === text)
  if (found !== undefined) return found
  throw usage(flag, { got: JSON.stringify(text), wanted: `one of ${of.join(', ')}` })
}

export function usage(
  flag: string,
  { got, wanted }: { readonly got: string; readonly wanted: string },
): CliError {
  return new CliError(exitCodes.usage, `${flag}: got ${got}, wanted ${wanted}`)
}

/** The flags that were given. */
export function present(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
