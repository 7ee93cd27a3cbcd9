/**
 * One class, one table. A code says what went wrong, whether trying again can help, and which
 * heading of docs/errors.md explains it; a test holds table and document together.
 */
const ERRORS = {
  OTN_BUS_CLOSED: { retryable: false, title: 'The appender was closed before the record was sent' },
  OTN_BUS_CONSUMER_STALLED: { retryable: false, title: 'Records wait and none is handled' },
  OTN_BUS_FULL: { retryable: true, title: 'The append queue is full or too old' },
  OTN_BUS_NOT_ACKNOWLEDGED: { retryable: true, title: 'Kafka did not acknowledge a record' },
  OTN_BUS_PARTITION_REFUSED: { retryable: true, title: 'A Kafka partition is not writable now' },
  OTN_BUS_RECORD_TOO_LARGE: { retryable: false, title: 'A record is above the size limit' },
  OTN_BUS_TOPICS_WRONG: { retryable: false, title: 'Kafka topics are missing or set otherwise' },
  OTN_BUS_UNREACHABLE: { retryable: true, title: 'Kafka cannot be reached' },
  OTN_CLIENT_INVALID: { retryable: false, title: 'A call of the client names something wrong' },
  OTN_CODEC_MALFORMED: { retryable: false, title: 'A record cannot be decoded' },
  OTN_CODEC_INVALID: { retryable: false, title: 'A value does not fit its schema' },
  OTN_CODEC_UNKNOWN_SCHEMA: { retryable: false, title: 'No schema is known under this id' },
  OTN_CODEC_UNKNOWN_FIELD: { retryable: false, title: 'A command carries a field unknown to us' },
  OTN_CONFIG_INVALID: { retryable: false, title: 'Settings are missing or wrong' },
  OTN_ENGINE_FAILED: { retryable: false, title: 'An engine did not start' },
  OTN_ENGINE_MISSING: { retryable: false, title: 'What an engine needs is not installed' },
  OTN_ENGINE_PORT_TAKEN: { retryable: false, title: 'A chosen port is taken' },
  OTN_HTTP_BODY_TOO_LARGE: { retryable: false, title: 'The body is above the limit' },
  OTN_HTTP_CONFLICT: { retryable: false, title: 'The request contradicts what is already known' },
  OTN_HTTP_FORBIDDEN: { retryable: false, title: 'The key lacks the scope of this route' },
  OTN_HTTP_INVALID: { retryable: false, title: 'The request does not fit its description' },
  OTN_HTTP_NOT_FOUND: { retryable: false, title: 'There is no such thing' },
  OTN_HTTP_UNAUTHENTICATED: { retryable: false, title: 'No known key was given' },
  OTN_HTTP_UNAVAILABLE: { retryable: true, title: 'The service cannot answer now' },
  OTN_INTERNAL: { retryable: false, title: 'The service met a fault of its own' },
  OTN_LEDGER_UNAVAILABLE: { retryable: true, title: 'The token-ledger does not answer' },
  OTN_REGISTRY_INCOMPATIBLE: { retryable: false, title: 'The registry refuses a schema' },
  OTN_REGISTRY_UNREACHABLE: { retryable: true, title: 'The schema registry cannot be reached' },
  OTN_STORE_CLUSTER_CHANGED: {
    retryable: false,
    title: 'The store belongs to another Kafka cluster',
  },
  OTN_STORE_CONFLICT: { retryable: true, title: 'A document changed under the writer' },
  OTN_STORE_CURSOR_MOVED: { retryable: false, title: 'A cursor was moved by somebody else' },
  OTN_STORE_GENERATION_LOST: { retryable: false, title: 'The store was emptied or replaced' },
  OTN_STORE_UNREACHABLE: { retryable: true, title: 'MongoDB cannot be reached' },
  OTN_VAULT_KEY_UNKNOWN: { retryable: false, title: 'No master key has this id' },
  OTN_VAULT_SEAL_BROKEN: { retryable: false, title: 'A sealed value does not open' },
  OTN_WEBHOOK_SIGNATURE: { retryable: false, title: 'The signature of a webhook does not verify' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** Every code with its title and whether a retry can help, for documents and problem pages. */
export const errorCodes: Readonly<
  Record<ErrorCode, { readonly retryable: boolean; readonly title: string }>
> = ERRORS

export interface AppErrorInput {
  /** For our own log: may name hosts and ids, never a secret or a person. */
  readonly message: string
  /** For callers, when they may see more than the code's title. */
  readonly publicMessage?: string
  readonly cause?: unknown
  /** Bounded, printable facts: counts, names, ids. */
  readonly details?: Readonly<Record<string, unknown>>
}

export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly publicMessage: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, input: AppErrorInput) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause })
    this.code = code
    this.retryable = ERRORS[code].retryable
    this.publicMessage = input.publicMessage ?? ERRORS[code].title
    this.details = input.details ?? {}
  }
}

/** Makes the error of a code. */
export function appError(code: ErrorCode, input: AppErrorInput): AppError {
  return new AppError(code, input)
}

/** True for an error of ours, of this code when one is named. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}
