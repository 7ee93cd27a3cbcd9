/** Facts a bus log line may carry: names, numbers and codes, never a key, a value or a header. */
export type BusLogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Where the bus tells what happened. The shape is pino's, so a pino logger fits as it is. */
export interface BusLog {
  debug(fields: BusLogFields, message: string): void
  info(fields: BusLogFields, message: string): void
  warn(fields: BusLogFields, message: string): void
  error(fields: BusLogFields, message: string): void
}

/** Drops every line; the default. */
export const silentLog: BusLog = {
  debug() {},
  info() {},
  warn() {},
  error() {},
}
