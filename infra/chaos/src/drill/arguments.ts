import { parseArgs } from 'node:util'

export interface ChaosOptions {
  /** Goes on with new seeds until the minutes are over; the sums are kept. */
  readonly isLong: boolean
  /** Only for `--long`. */
  readonly minutes: number
  /** Names of cells or families; empty = all. */
  readonly only: readonly string[]
  /** Of the first run; each cell's seed follows from it. */
  readonly seed: number
  readonly isJson: boolean
  /** Whether the sums of long runs are written where they can be committed. */
  readonly isKept: boolean
}

const LONG_MINUTES = 120

/** @throws where an option is unknown or no number, with what was wanted */
export function parseChaosArguments(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      long: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      only: { type: 'string', default: '' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  return {
    isLong: values.long,
    minutes: wholeNumber('--minutes', values.minutes ?? String(LONG_MINUTES)),
    only: values.only.split(',').filter((name) => name !== ''),
    seed: wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000)),
    isJson: values.json,
    isKept: values.keep,
  }
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new Error(`${option}: got ${JSON.stringify(text)}, wanted a whole number from 0 on`)
}
