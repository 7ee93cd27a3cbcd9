import { type ErrorCode, isAppError } from '@otn/kernel'
import { CommanderError } from 'commander'

/** What the process ends with; scripts rest on it. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notReachable: 4,
  refused: 5,
  /** A dependency of what was reached is down. */
  unavailable: 69,
  configuration: 78,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** An end that the command line itself decides on, with the sentence that goes with it. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode
  /** What to type next, where that is known. */
  readonly next: string | null

  constructor(exitCode: ExitCode, message: string, next: string | null = null) {
    super(message)
    this.exitCode = exitCode
    this.next = next
  }
}

const CODES: Partial<Record<ErrorCode, ExitCode>> = {
  OTN_BUS_UNREACHABLE: exitCodes.notReachable,
  OTN_REGISTRY_UNREACHABLE: exitCodes.notReachable,
  OTN_BUS_NOT_ACKNOWLEDGED: exitCodes.unavailable,
  OTN_BUS_PARTITION_REFUSED: exitCodes.unavailable,
  OTN_BUS_TOPICS_WRONG: exitCodes.configuration,
  OTN_CONFIG_INVALID: exitCodes.configuration,
  OTN_VAULT_KEY_UNKNOWN: exitCodes.configuration,
  OTN_CLIENT_INVALID: exitCodes.usage,
}

/** The exit code of whatever was thrown. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode
  if (error instanceof CommanderError) return isHelp(error) ? exitCodes.ok : exitCodes.usage
  return isAppError(error) ? (CODES[error.code] ?? exitCodes.failed) : exitCodes.failed
}

function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.helpDisplayed' || code === 'commander.version'
}
