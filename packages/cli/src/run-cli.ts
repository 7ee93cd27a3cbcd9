import { isAppError } from '@otn/kernel'
import { describeError } from '@otn/runtime/describe-error'
import { CommanderError } from 'commander'
import { CliError, type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts'
import { createStyle } from './output/output.ts'
import { createProgram } from './program.ts'
import type { Shell } from './shell.ts'

/** Runs one command line. Never throws; what went wrong is said on stderr. */
export async function runCli(args: readonly string[], shell: Shell): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok
  const program = createProgram({
    shell,
    finish: (ended) => {
      code = ended
    },
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    code = exitCodeOf(error)
    // Commander has said its own errors already.
    if (!(error instanceof CommanderError)) say(error, { code, args, shell })
  }
  return shell.signal.aborted ? exitCodes.interrupted : code
}

interface Failure {
  readonly code: ExitCode
  readonly args: readonly string[]
  readonly shell: Shell
}

function say(error: unknown, { code, args, shell: { stderr, env } }: Failure): void {
  const message = messageOf(error)
  const next = error instanceof CliError ? error.next : null
  if (args.includes('--json')) {
    const named = isAppError(error) ? error.code : null
    stderr.write(`${JSON.stringify({ error: { exitCode: code, code: named, message, next } })}\n`)
    return
  }
  const mayColour = stderr.isTTY === true && !env.NO_COLOR && !args.includes('--no-color')
  const style = createStyle(mayColour)
  stderr.write(`${style.marked('bad', message)}\n`)
  if (isAppError(error)) stderr.write(`${style.dim(`${error.code}, see docs/errors.md`)}\n`)
  if (next !== null) stderr.write(`${style.dim('next:')} ${next}\n`)
}

/** Our own errors speak for themselves; of any other one only what cannot quote a secret. */
function messageOf(error: unknown): string {
  if (error instanceof CliError || isAppError(error)) return error.message
  return `a fault of the command line itself: ${JSON.stringify(describeError(error))}`
}
