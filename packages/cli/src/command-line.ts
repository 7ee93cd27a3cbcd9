/** The process around the command line. */
import { once } from 'node:events'
import {
  accessSync,
  constants,
  createReadStream,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { createNotifier } from '@otn/client'
import { realEngines } from './doctor/real-engines.ts'
import { openLog } from './log/open-log.ts'
import { runCli } from './run-cli.ts'

/** A command lets go of Kafka within this time after Ctrl-C; then the process ends all the same. */
const GRACE_MS = 6_000

const interrupted = new AbortController()

/** Runs the command of this process, and sets its exit code. */
export async function commandLine(env: NodeJS.ProcessEnv): Promise<void> {
  leaveOnSignals()
  process.exitCode = await runCli(process.argv.slice(2), {
    env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    ask: process.stdin.isTTY ? ask : null,
    signal: interrupted.signal,
    nowMs: () => Date.now(),
    readFile,
    writeNewFile,
    openFile,
    fetch,
    engines: realEngines,
    openLog,
    createNotifier,
    // It brings a compiler along, which no other command needs.
    readTests: async () => (await import('@otn/seeds/repository')).readRepository(),
    readRuleTests: async (rules) => (await import('@otn/seeds/repository')).readRuleTests(rules),
  })
}

function leaveOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice: at once.
      if (interrupted.signal.aborted) process.exit(130)
      interrupted.abort()
      setTimeout(() => process.exit(130), GRACE_MS).unref()
    })
  }
  // `otn tail | head`: the reader has gone, so there is nobody left to write for.
  process.stdout.on('error', () => process.exit(0))
}

/** On stderr, so that a pipe carries data alone; empty where the person leaves instead. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // The terminal takes Ctrl-C for itself while it asks.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const left = once(terminal, 'close').then(() => '')
  const { signal } = interrupted
  const answered = terminal.question(question, { signal }).catch(() => '')
  const answer = await Promise.race([answered, left])
  terminal.close()
  return answer
}

function readFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function writeNewFile(path: string, text: string): string | null {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  }
}

/** A regular file only: it is read more than once. */
function openFile(path: string): AsyncIterable<Uint8Array> | null {
  try {
    accessSync(path, constants.R_OK)
    return statSync(path).isFile() ? createReadStream(path) : null
  } catch {
    return null
  }
}
