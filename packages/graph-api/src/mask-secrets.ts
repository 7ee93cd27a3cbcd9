const MASKED = '[masked]'
/** Shorter values are no secrets, and stand in other words by chance. */
const SECRET_CHARACTERS_MIN = 4

export type Mask = (text: string) => string

export const asItIs: Mask = (text) => text

/** Takes what we sent out of what comes back: a server may echo its request. */
export function maskSecrets(values: readonly string[]): Mask {
  const secrets = values
    .filter((value) => value.length >= SECRET_CHARACTERS_MIN)
    .flatMap((value) => [value, encodeURIComponent(value.toWellFormed())])
    .sort((a, b) => b.length - a.length)
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASKED), text)
}
