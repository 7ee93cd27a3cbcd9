/** One call of set-up: few, repeatable, made by people, so undici's plain request does. */
import type { Secret } from '@otn/kernel'
import { type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import { appSecretProof } from '../appsecret-proof.ts'
import { asItIs, type Mask, maskSecrets } from '../mask-secrets.ts'
import { parseAnswer } from '../parse-answer.ts'
import { readAnswer } from '../read-error.ts'
import { faultOfError, faultWithout } from './set-up-fault.ts'
import { done, refusedFor, type SetUpResult } from './set-up-result.ts'

export interface SetUpHost {
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** `v21.0`. */
  readonly version: string
  readonly appId: string
  readonly appSecret: Secret
  /** Ends every call, also one that has not begun; each has a limit of its own beside it. */
  readonly signal?: AbortSignal
}

export interface SetUpCall<T> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Behind the version: `/me/accounts`. */
  readonly path: string
  readonly parameters?: Readonly<Record<string, string>>
  /** Of the caller; null = the call names its credentials itself. */
  readonly accessToken: Secret | null
  /** Whether the token is a person's or a page's, which a proof of the app secret goes with. */
  readonly isProved: boolean
  /** Of the parameters, what must not come back in what is told. */
  readonly masks?: readonly Secret[]
  /** Reads the members we use; others may come and go. */
  readonly answer: z.ZodType<T>
}

const TIMEOUT_MS = 20_000
const ANSWER_BYTES_MAX = 1024 * 1024
/** What may stand in a header after `Bearer `: visible ASCII. */
const HEADER_SAFE = /^[\x21-\x7e]+$/

/** Makes the call once. Faults of any kind are told, none is thrown. */
export async function askGraph<T>(host: SetUpHost, call: SetUpCall<T>): Promise<SetUpResult<T>> {
  const { accessToken } = call
  if (accessToken !== null && !HEADER_SAFE.test(accessToken.reveal())) {
    return refusedFor(faultWithout('token-invalid', 'it holds characters that no token has'))
  }
  let bytes: Uint8Array | null
  try {
    bytes = await exchange(host, call)
  } catch (error) {
    return refusedFor(faultWithout('not-reached', causeOf(error)))
  }
  if (bytes === null) return refusedFor(faultWithout('unreadable', 'it is above a megabyte'))
  // The tokens of an answer are what one asked for; only what is told of faults is masked.
  return judge(parseAnswer(bytes, asItIs), call, maskOf(host, call))
}

function judge<T>(json: unknown, { answer }: SetUpCall<T>, mask: Mask): SetUpResult<T> {
  const read = readAnswer(json)
  if (read.kind === 'error') {
    return refusedFor(faultOfError({ ...read.error, message: mask(read.error.message) }))
  }
  const parsed = answer.safeParse(json)
  if (parsed.success) return done(parsed.data)
  const [issue] = parsed.error.issues
  const where = issue === undefined ? null : issue.path.join('.') || 'the whole answer'
  return refusedFor(faultWithout('unreadable', where))
}

/** Null where the answer is longer than any that is known. */
async function exchange<T>(host: SetUpHost, call: SetUpCall<T>): Promise<Uint8Array | null> {
  const { method, accessToken } = call
  const query = new URLSearchParams(call.parameters)
  if (call.isProved && accessToken !== null) {
    const proof = appSecretProof({ pageAccessToken: accessToken, appSecret: host.appSecret })
    query.set('appsecret_proof', proof)
  }
  const url = `${host.baseUrl}/${host.version}${call.path}`
  const own = AbortSignal.timeout(TIMEOUT_MS)
  const signal = host.signal ? AbortSignal.any([host.signal, own]) : own
  const headers = {
    accept: 'application/json',
    ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken.reveal()}` }),
  }
  const inBody = method === 'POST'
  const { body } = await request(inBody ? url : `${url}?${query}`, {
    ...{ method, signal },
    headers: inBody ? { ...headers, 'content-type': FORM } : headers,
    ...(inBody ? { body: query.toString() } : {}),
  })
  return readWhole(body)
}

const FORM = 'application/x-www-form-urlencoded'

async function readWhole(body: Dispatcher.ResponseData['body']): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > ANSWER_BYTES_MAX) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function maskOf<T>({ appSecret }: SetUpHost, { accessToken, masks = [] }: SetUpCall<T>): Mask {
  const sent = accessToken === null ? masks : [accessToken, ...masks]
  return maskSecrets([appSecret, ...sent].map((secret) => secret.reveal()))
}

/** A code such as ECONNREFUSED; the message may name an address with a token in it. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name
}
