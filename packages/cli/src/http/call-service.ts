import type { Secret } from '@otn/kernel'
import { CliError, type ExitCode, exitCodes } from '../exit-code.ts'

const TIMEOUT_MS = 15_000

export interface ServiceDoor {
  /** For messages: `token-ledger`, `dispatcher`. */
  readonly name: string
  readonly url: string
  readonly apiKey: Secret
  readonly fetch: typeof fetch
}

export interface ServiceCall {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Where the service has long work to do. */
  readonly timeoutMs?: number
}

export type JsonObject = Readonly<Record<string, unknown>>

/** Calls a service with the bearer key. @throws CliError 2, 3, 4, 5, 69 or 78 as the answer says */
export async function callService(door: ServiceDoor, call: ServiceCall): Promise<JsonObject> {
  const { method = 'GET', body, timeoutMs = TIMEOUT_MS } = call
  const url = urlOf(door.url, call)
  const response = await reach({ ...door, timeoutMs }, () =>
    door.fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${door.apiKey.reveal()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const answer = parse(await reach({ ...door, timeoutMs }, () => response.text()))
  if (response.ok) return answer
  throw new CliError(exitCodeOf(response.status), sentence(door, response.status, answer))
}

function urlOf(base: string, { path, query = {} }: ServiceCall): URL {
  const url = new URL(path.replace(/^\//, ''), base.endsWith('/') ? base : `${base}/`)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url
}

type Reached = Pick<ServiceDoor, 'name' | 'url'> & { readonly timeoutMs: number }

async function reach<T>({ name, url, timeoutMs }: Reached, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch {
    const { host } = new URL(url)
    const message = `the ${name} at ${host} does not answer within ${timeoutMs / 1000} s`
    throw new CliError(exitCodes.notReachable, message, 'pnpm stack up, or check the address')
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 400 || status === 413 || status === 422) return exitCodes.usage
  if (status === 401 || status === 403) return exitCodes.configuration
  if (status === 404) return exitCodes.notFound
  if (status === 409) return exitCodes.refused
  return status === 429 || status === 503 ? exitCodes.unavailable : exitCodes.failed
}

/** Out of the problem document (RFC 9457): what is wrong, with which field. */
function sentence({ name }: ServiceDoor, status: number, answer: JsonObject): string {
  const said = answer.detail ?? answer.title ?? 'no reason given'
  const errors: readonly unknown[] = Array.isArray(answer.errors) ? answer.errors : []
  const fields = errors.map((error) => {
    const { field, message } = Object(error)
    return `  ${field}: ${message}`
  })
  return [`the ${name} answers ${status}: ${said}`, ...fields].join('\n')
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : { value }
  } catch {
    return {}
  }
}
