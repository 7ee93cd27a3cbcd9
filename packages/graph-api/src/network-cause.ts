import { errors } from 'undici'
import type { NotSentCause, UnknownCause } from './observation.ts'

/**
 * Names an error for people. Whether a byte may have left is never read from an error code: the
 * exchange knows it, because it is told before the first byte is written.
 */
interface NetworkError {
  readonly code: string
  readonly syscall: string
}

const UNREACHABLE = ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']
const CONNECT_TIMEOUTS = ['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']
const CLIENT_ENDED = ['UND_ERR_DESTROYED', 'UND_ERR_CLOSED']
/** Calls of the system that come before a TLS handshake can begin. */
const BEFORE_TLS = ['connect', 'getaddrinfo', 'bind', 'socket']
const RESETS = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT']

/** Why a request that was never written was not. */
export function notSentCause(error: unknown, secure: boolean): NotSentCause {
  const { code, syscall } = networkError(error)
  if (CLIENT_ENDED.includes(code)) return 'closed'
  if (CONNECT_TIMEOUTS.includes(code)) return 'connect-timeout'
  if (syscall === 'getaddrinfo') return 'dns'
  if (code === 'ECONNREFUSED') return 'refused'
  if (UNREACHABLE.includes(code)) return 'unreachable'
  return secure && code !== '' && !BEFORE_TLS.includes(syscall) ? 'tls' : 'connect-failed'
}

/** Why a request that may have been written has no whole answer. */
export function unknownCause(error: unknown, headSeen: boolean): UnknownCause {
  const { code } = networkError(error)
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return 'headers-timeout'
  if (code === 'UND_ERR_BODY_TIMEOUT') return 'body-timeout'
  if (CLIENT_ENDED.includes(code)) return 'aborted'
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'cut'
  if (RESETS.includes(code)) return headSeen ? 'cut' : 'reset'
  // A parser error carries no code where it should.
  const noHttp = error instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW'
  return noHttp ? 'malformed' : 'other'
}

/** An attempt on several addresses fails with one error that lists the others. */
function networkError(error: unknown): NetworkError {
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error
  return { code: textIn(first, 'code'), syscall: textIn(first, 'syscall') }
}

function textIn(value: unknown, member: string): string {
  if (typeof value !== 'object' || value === null) return ''
  const text: unknown = Reflect.get(value, member)
  return typeof text === 'string' ? text : ''
}
