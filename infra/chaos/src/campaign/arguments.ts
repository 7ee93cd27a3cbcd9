import { parseArgs } from 'node:util'

export interface CampaignOptions {
  /** People who hold a token, over all pages. */
  readonly tokens: number
  /** One dispatcher dies after each so many seconds; 0 = none does. */
  readonly killEveryS: number
  readonly seed: number
}

/** @throws where an option is unknown or no number, with what was wanted */
export function parseCampaignArguments(args: readonly string[]): CampaignOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tokens: { type: 'string', default: '100000' },
      'kill-every': { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
    },
  })
  return {
    tokens: wholeNumber('--tokens', values.tokens),
    killEveryS: wholeNumber('--kill-every', values['kill-every']),
    seed: wholeNumber('--seed', values.seed),
  }
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (/^\d{1,9}$/.test(text) && Number.isSafeInteger(number)) return number
  throw new Error(`${option}: got ${JSON.stringify(text)}, wanted a whole number from 0 on`)
}
