/** A request as a command line that anybody may paste anywhere: secrets are variables in it. */

export interface CurlRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const TOKEN = /("one_time_notif_token":\s*")[^"]*(")/g
const ACCESS_TOKEN = /([?&]access_token=)[^&]*/
const PROOF = /([?&]appsecret_proof=)[^&]*/
/** Written by curl itself, or of this one connection. */
const LEFT_OUT = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept'])

/** A call of the Graph side. */
export function curlOfCall({ method, url, headers, body }: CurlRequest): string {
  const address = url
    .replace(ACCESS_TOKEN, '$1$PAGE_ACCESS_TOKEN')
    .replace(PROOF, '$1$APPSECRET_PROOF')
  const shown = Object.entries(headers)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) =>
      name === 'authorization' ? [name, authorization(value)] : [name, value],
    )
  return [
    `curl -X ${method} "${address}"`,
    ...shown.map(([name, value]) => `-H "${name}: ${value}"`),
    ...(body === '' ? [] : [`--data-binary ${quoted(withoutToken(body))}`]),
  ].join(' \\\n  ')
}

/** A webhook: the signature is computed anew, over the body as it stands there. */
export function curlOfWebhook({ url, body }: Pick<CurlRequest, 'url' | 'body'>): string {
  const sum = 'printf %s "$body" | openssl dgst -sha256 -hmac "$META_APP_SECRET" -r | cut -d" " -f1'
  return [
    `body=${quoted(withoutToken(body))}`,
    `signature=$(${sum})`,
    `curl -X POST "${url}" -H "content-type: application/json" \\`,
    '  -H "x-hub-signature-256: sha256=$signature" --data-binary "$body"',
  ].join('\n')
}

/** What of a header may be shown. */
export function authorization(value: string): string {
  return /^(\S+) /.test(value) ? `${value.split(' ', 1)[0]} $PAGE_ACCESS_TOKEN` : '$AUTHORIZATION'
}

/** A URL with its secrets taken out. */
export function withoutSecrets(url: string): string {
  return url.replace(ACCESS_TOKEN, '$1…').replace(PROOF, '$1…')
}

function withoutToken(body: string): string {
  return body.replace(TOKEN, '$1ONE_TIME_TOKEN$2')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
