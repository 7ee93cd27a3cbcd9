import { spawn } from 'node:child_process'
import { appError } from '@otn/kernel'

const OUTPUT_CHARS_KEPT = 4_000

export interface CommandResult {
  /** Null when the command could not be run at all or was ended by a signal. */
  readonly code: number | null
  /** Standard output and error as they came, only the last 4,000 characters. */
  readonly output: string
}

/** Runs a command to its end and says how it went; a missing command is a result, not an error. */
export function tryCommand(command: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_KEPT)
    }
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/**
 * Runs a command that must succeed.
 * @throws OTN_ENGINE_FAILED with what it was for, the command line and the end of its output.
 */
export async function runCommand(
  purpose: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  const { code, output } = await tryCommand(command, args)
  if (code === 0) return
  const line = `\`${[command, ...args].join(' ')}\``
  const message = `${purpose} failed: ${line} ended with ${code ?? 'no code'}:\n${output.trim()}`
  throw appError('OTN_ENGINE_FAILED', { message })
}
