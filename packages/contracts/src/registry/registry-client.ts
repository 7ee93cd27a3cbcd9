import { appError, isAppError, type Secret } from '@otn/kernel'

/** The part of Confluent's registry API that we use (Apicurio: under `/apis/ccompat/v7`). */
export interface RegistryClient {
  /** The same schema gives the same id. @throws OTN_REGISTRY_INCOMPATIBLE */
  register(subject: string, schema: string): Promise<number>
  /** Id of a schema under a subject; null where it is not registered. */
  lookup(subject: string, schema: string): Promise<number | null>
  /** Text of the schema with this id; null where the registry knows none. */
  schemaById(schemaId: number): Promise<string | null>
  /** Makes every version of a subject compatible with every other, both ways. */
  requireFullTransitive(subject: string): Promise<void>
}

/** Whom the registry knows us as. */
export interface RegistryLogin {
  readonly username: string
  readonly password: Secret
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'
const NOT_FOUND = 404
const REFUSED: ReadonlySet<number> = new Set([409, 422])
const DENIED: ReadonlySet<number> = new Set([401, 403])

/**
 * @param url base address, up to and without `/subjects`; credentials in it become a header
 * @param timeoutMs limit of one call
 * @param login wins over credentials in the address
 * All calls throw OTN_REGISTRY_UNREACHABLE where no usable answer came, OTN_CONFIG_INVALID where
 * the registry does not let us in.
 */
export function createRegistryClient(
  url: string,
  timeoutMs = 5_000,
  login: RegistryLogin | null = null,
): RegistryClient {
  const base = new URL(url.endsWith('/') ? url : `${url}/`)
  const headers = headersFor(base, login)
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    try {
      const response = await fetch(new URL(path, base), {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (DENIED.has(response.status)) throw denied(base, response.status)
      if (response.status >= 500) throw new Error(`status ${response.status}`)
      return { status: response.status, body: JSON.parse(text || '{}') }
    } catch (cause) {
      if (isAppError(cause)) throw cause
      const message = `the schema registry at ${base.host} gave no answer to ${method} ${path}`
      throw appError('OTN_REGISTRY_UNREACHABLE', { message, cause })
    }
  }
  const lookup: RegistryClient['lookup'] = async (subject, schema) => {
    const path = `subjects/${encodeURIComponent(subject)}`
    const { status, body } = await call('POST', path, { schema, schemaType: 'AVRO' })
    return status === NOT_FOUND ? null : idIn(body, subject)
  }
  return {
    lookup,
    register: async (subject, schema) => {
      const path = `subjects/${encodeURIComponent(subject)}/versions`
      const { status, body } = await call('POST', path, {
        schema,
        schemaType: 'AVRO',
      })
      if (!REFUSED.has(status)) return idIn(body, subject)
      // Apicurio says the same where it meets, while it reads its journal, what it has already.
      const known = await lookup(subject, schema)
      if (known === null) throw incompatible(subject)
      return known
    },
    schemaById: async (schemaId) => {
      const { status, body } = await call('GET', `schemas/ids/${schemaId}`)
      return status === NOT_FOUND ? null : String(body.schema)
    },
    requireFullTransitive: async (subject) => {
      const path = `config/${encodeURIComponent(subject)}`
      await call('PUT', path, { compatibility: 'FULL_TRANSITIVE' })
    },
  }
}

function denied({ host }: URL, status: number): Error {
  const message =
    `SCHEMA_REGISTRY_USERNAME, SCHEMA_REGISTRY_PASSWORD: the schema registry at ${host} ` +
    `refuses them (${status})`
  return appError('OTN_CONFIG_INVALID', { message })
}

function headersFor(base: URL, login: RegistryLogin | null): Readonly<Record<string, string>> {
  const headers = {
    'content-type': CONTENT_TYPE,
    accept: `${CONTENT_TYPE}, application/json`,
  }
  const own = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`
  base.username = ''
  base.password = ''
  const pair = login === null ? own : `${login.username}:${login.password.reveal()}`
  if (pair === ':') return headers
  return {
    ...headers,
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
  }
}

function idIn(body: Answer['body'], subject: string): number {
  const id = body.id
  if (typeof id === 'number') return id
  const message = `the schema registry gave no id for ${subject}: ${String(body.message)}`
  throw appError('OTN_REGISTRY_UNREACHABLE', { message })
}

function incompatible(subject: string): Error {
  return appError('OTN_REGISTRY_INCOMPATIBLE', {
    message: `${subject}: the registry refuses the schema as incompatible with an earlier version`,
    details: { subject },
  })
}
