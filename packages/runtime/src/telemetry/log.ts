import pino, { type Logger } from 'pino'
import { describeError } from './describe-error.ts'

export type Log = Logger

/**
 * JSON lines, one wide line per message or request. Values are fields, the message is constant;
 * errors are written through `describeError`, which lets no foreign text through.
 */
export function createLog(options: {
  readonly service: string
  readonly level: string
  readonly destination?: pino.DestinationStream
}): Log {
  const { service, level, destination } = options
  const settings: pino.LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: describeError, err: describeError },
  }
  return destination ? pino(settings, destination) : pino(settings)
}
