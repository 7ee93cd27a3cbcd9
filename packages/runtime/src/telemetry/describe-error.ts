import { isAppError } from '@otn/kernel'

/** What a log may know of an error. */
export interface ErrorDescription {
  readonly name: string
  readonly code?: string
  readonly message?: string
  readonly details?: Readonly<Record<string, unknown>>
  /** Where it was thrown, without the message that the stack repeats. */
  readonly at?: readonly string[]
  readonly cause?: ErrorDescription
}

const CAUSES_MAX = 5
const FRAMES_MAX = 6
/** Their texts name hosts, ports and states, never what a person wrote. */
const TRUSTED_NAMES =
  /^(Kafka|Mongo|ConnectTimeout|HeadersTimeout|BodyTimeout|Socket|Abort|Timeout)/
/** MongoDB repeats the whole command that it refuses, and what was to be written with it. */
const QUOTES_COMMAND = /^not authorized on /

/**
 * The whole cause chain by allow-list: texts of our own errors and of engines; of any other error
 * the name, code and place only, because a parser's message quotes its input.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const isEngine = TRUSTED_NAMES.test(error.name) && !QUOTES_COMMAND.test(error.message)
  const trusted = isAppError(error) || isEngine
  const deeper = error.cause !== undefined && depth < CAUSES_MAX
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(trusted ? { message: error.message } : {}),
    ...(isAppError(error) ? { details: error.details } : { at: frames(error) }),
    ...(deeper ? { cause: describeError(error.cause, depth + 1) } : {}),
  }
}

function frames(error: Error): readonly string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return lines.slice(0, FRAMES_MAX).map((line) => line.trim())
}
