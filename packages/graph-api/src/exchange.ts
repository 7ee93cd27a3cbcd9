import type { Dispatcher } from 'undici'
import type { Mask } from './mask-secrets.ts'
import { notSentCause, unknownCause } from './network-cause.ts'
import type { AnswerHeaders, GraphObservation, NotSentCause, UnknownCause } from './observation.ts'
import { parseAnswer } from './parse-answer.ts'

/** An error answer has some hundred bytes; what is longer is no answer of the platform. */
const BODY_BYTES_MAX = 64 * 1024
const HEADER_CHARACTERS_MAX = 4096

/** Everything else stays unread: a header may carry what we sent, or a person's data. */
const HEADERS_KEPT = [
  'content-type',
  'date',
  'facebook-api-version',
  'retry-after',
  'x-app-usage',
  'x-business-use-case-usage',
  'x-fb-rev',
  'x-fb-trace-id',
  'x-page-usage',
] as const

export interface ExchangeOptions {
  readonly secure: boolean
  /** From now to the first byte, ms. */
  readonly startMs: number
  /** From the first byte of the request to the last of the answer, ms. */
  readonly totalMs: number
  readonly mayStart: () => boolean
  readonly mask: Mask
  /** For texts alone: names, ids and headers are read by whoever judges the answer. */
  readonly maskWords?: Mask
  readonly settle: (observation: GraphObservation) => void
}

/**
 * Follows one request through undici and settles once. undici tells `onRequestStart` right before
 * it writes to the connection, so until then it is certain that no byte has left, whatever the
 * error; from then on nothing is certain but a whole answer. A second `onRequestStart` would be a
 * repeat on another connection: it is refused, so no library can send a message twice.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  #phase: 'waiting' | 'started' | 'settled' = 'waiting'
  #timer: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | null = null
  #status: number | null = null
  #headers: AnswerHeaders = {}
  readonly #chunks: Buffer[] = []
  #bodyBytes = 0

  constructor(options: ExchangeOptions) {
    this.#options = options
    this.#timer = setTimeout(() => this.#notSent('start-timeout'), options.startMs)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#phase === 'started') this.#unknown('reset')
    else if (this.#phase === 'waiting' && !this.#options.mayStart()) this.#notSent('withdrawn')
    if (this.#phase !== 'waiting') {
      controller.abort(new Error('not to be sent'))
      return
    }
    this.#phase = 'started'
    this.#controller = controller
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#stop('total-timeout'), this.#options.totalMs)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return
    this.#status = status
    this.#headers = keptHeaders(headers, this.#options.mask)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = BODY_BYTES_MAX - this.#bodyBytes
    const kept = chunk.subarray(0, room)
    this.#chunks.push(kept)
    this.#bodyBytes += kept.length
    if (chunk.length <= room) return
    this.#answered(true)
    controller.abort(new Error('answer too long'))
  }

  onResponseEnd(): void {
    this.#answered(false)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: unknown): void {
    if (this.#phase === 'waiting') this.#notSent(notSentCause(error, this.#options.secure))
    else this.#unknown(unknownCause(error, this.#status !== null))
  }

  #stop(cause: UnknownCause): void {
    this.#unknown(cause)
    this.#controller?.abort(new Error(cause))
  }

  #answered(bodyCut: boolean): void {
    if (this.#status === null) {
      this.#unknown('malformed')
      return
    }
    const { mask, maskWords } = this.#options
    const json = bodyCut ? null : parseAnswer(Buffer.concat(this.#chunks), mask, maskWords)
    this.#settle({
      seen: 'answered',
      status: this.#status,
      headers: this.#headers,
      json,
      bodyBytes: this.#bodyBytes,
      bodyCut,
    })
  }

  #notSent(cause: NotSentCause): void {
    this.#settle({ seen: 'not-sent', cause })
  }

  #unknown(cause: UnknownCause): void {
    this.#settle({ seen: 'unknown', cause, status: this.#status })
  }

  #settle(observation: GraphObservation): void {
    if (this.#phase === 'settled') return
    this.#phase = 'settled'
    clearTimeout(this.#timer)
    this.#chunks.length = 0
    this.#options.settle(observation)
  }
}

function keptHeaders(
  headers: Record<string, string | string[] | undefined>,
  mask: Mask,
): AnswerHeaders {
  const kept: Record<string, readonly string[]> = {}
  for (const name of HEADERS_KEPT) {
    const values = [headers[name] ?? []].flat()
    if (values.length > 0) kept[name] = values.map((value) => cutHeader(mask(value)))
  }
  return kept
}

function cutHeader(value: string): string {
  return value.slice(0, HEADER_CHARACTERS_MAX)
}
