/**
 * What was seen of one call, as data, before anybody judges it. It holds no page token, no
 * appsecret_proof and no URL. `json` is the platform's answer as parsed: read named members only,
 * never merge, log or store it.
 */
export type GraphObservation = Answered | NotSent | OutcomeUnknown

/** A whole answer came, or more of one than we read. */
export interface Answered {
  readonly seen: 'answered'
  /** HTTP status, 200 to 599. */
  readonly status: number
  /** Only the headers we know, names in lower case, every value that came. */
  readonly headers: AnswerHeaders
  /** The parsed body; null where it is no JSON or was cut. */
  readonly json: unknown
  /** Bytes of the body that were read. */
  readonly bodyBytes: number
  /** True where the body was longer than the limit and reading stopped there. */
  readonly bodyCut: boolean
}

/** Certain: no byte of the request was handed to a connection. Repeating it is safe. */
export interface NotSent {
  readonly seen: 'not-sent'
  readonly cause: NotSentCause
}

/** Bytes of the request may have left and no whole answer came: the message may be out. */
export interface OutcomeUnknown {
  readonly seen: 'unknown'
  readonly cause: UnknownCause
  /** HTTP status where the head of an answer was read; it proves nothing. */
  readonly status: number | null
}

export type AnswerHeaders = Readonly<Record<string, readonly string[]>>

export type NotSentCause =
  /** Nobody listens at the address. */
  | 'refused'
  /** The host name has no address now. */
  | 'dns'
  /** The secure connection did not come about. */
  | 'tls'
  /** The connection, TLS included, took longer than `connectMs`. */
  | 'connect-timeout'
  /** No route to the host or network. */
  | 'unreachable'
  /** Connecting failed in another way. */
  | 'connect-failed'
  /** No connection was free within `startMs`. */
  | 'start-timeout'
  /** The caller's `mayStart` said no, right before the first byte. */
  | 'withdrawn'
  /** This client was closed. */
  | 'closed'
  /** The page access token cannot stand in an HTTP header: it is damaged. */
  | 'page-token-invalid'

export type UnknownCause =
  /** The connection ended before the head of an answer; also a kept one that died at the write. */
  | 'reset'
  /** The connection ended inside the answer. */
  | 'cut'
  /** No head of an answer within `headersMs`. */
  | 'headers-timeout'
  /** A pause of more than `bodyMs` inside the body. */
  | 'body-timeout'
  /** The whole call took longer than `totalMs`. */
  | 'total-timeout'
  /** This client was destroyed during the call. */
  | 'aborted'
  /** What came is no HTTP. */
  | 'malformed'
  /** Anything else after the first byte. */
  | 'other'
