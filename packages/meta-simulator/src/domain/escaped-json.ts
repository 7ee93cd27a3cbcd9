/**
 * JSON in the two spellings that Meta writes: pure ASCII, with `\/`. The special characters stand
 * only inside strings, so one pass over the finished text is enough and keeps the member order.
 */

const NAMED: Readonly<Record<string, string>> = {
  '/': '\\/',
  '<': '\\u003C',
  '@': '\\u0040',
  '%': '\\u0025',
}

/**
 * The body of a webhook, byte for byte as it is signed: non-ASCII as lower-case `\uXXXX`
 * (surrogate pairs apart), `<` as `\u003C`, `/` as `\/`, `@` as `\u0040`, `%` as `\u0025`.
 *
 * @see the Messenger Platform's page on webhooks, "escaped unicode version of the payload"
 */
export function webhookJson(value: unknown): string {
  return JSON.stringify(value).replace(/[/<@%\u0080-\uffff]/g, escaped)
}

/** The body of a Graph answer: non-ASCII as lower-case `\uXXXX`, `/` as `\/`, nothing else. */
export function graphJson(value: unknown): string {
  return JSON.stringify(value).replace(/[/\u0080-\uffff]/g, escaped)
}

function escaped(character: string): string {
  const named = NAMED[character]
  if (named !== undefined) return named
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
