/** A server process with the handle by which tests break and mend it. */
import { readFile } from 'node:fs/promises'
import { appError } from '@otn/kernel'
import type { EngineProcess } from './engine.ts'
import { isFrozen } from './is-frozen.ts'
import type { Keeper, Launched } from './keeper-client.ts'
import type { Launch } from './keeper-messages.ts'
import type { NativeDisk } from './native-disk.ts'
import { GiveUp, waitFor } from './wait-for.ts'

const CLEAN_END_MS = 20_000
const START_MS = 90_000
const LOG_LINES_SHOWN = 15

export interface Supervised {
  readonly keeper: Keeper
  readonly launch: Launch
  /** Answers true when the server serves; throws or answers false before. */
  readonly isReady: () => Promise<boolean>
  /** Where its files lie; null = on the disk of everybody. */
  readonly disk?: NativeDisk | null
}

/** A handle that is not running yet: call `start`. */
export function supervised({ keeper, launch, isReady, disk = null }: Supervised): EngineProcess {
  let current: Launched | null = null
  let starting: Promise<void> | null = null

  function start(): Promise<void> {
    starting ??= launchAndWait().finally(() => {
      starting = null
    })
    return starting
  }

  async function launchAndWait(): Promise<void> {
    if (current !== null) return
    const { command, args } = launch
    const launched = await keeper.launch({ ...launch, ...disk?.within(command, args) })
    current = launched
    disk?.serves(launched.pid)
    let end: string | null = null
    void launched.gone.then((how) => {
      end = how
      if (current === launched) current = null
    })
    const isUp = (): Promise<boolean> => {
      if (end !== null) throw new GiveUp(new Error(`it ended with ${end}`))
      return isReady()
    }
    const describe = `${launch.name} to serve`
    await waitFor(isUp, { timeoutMs: START_MS, describe }).catch((error) => fail(launch, error))
  }

  async function signalAndWait(signal: NodeJS.Signals): Promise<void> {
    if (current === null) return
    const { pid, gone } = current
    send(pid, signal)
    // A frozen process takes no other signal than SIGKILL.
    send(pid, 'SIGCONT')
    const timer = setTimeout(() => send(pid, 'SIGKILL'), CLEAN_END_MS)
    await gone
    clearTimeout(timer)
  }

  return {
    name: launch.name,
    disk,
    pid: () => current?.pid ?? null,
    start,
    kill: () => signalAndWait('SIGKILL'),
    stop: () => signalAndWait('SIGTERM'),
    pause: async () => {
      if (current !== null) await freeze(current.pid)
    },
    resume: async () => {
      if (current !== null) send(current.pid, 'SIGCONT')
    },
  }
}

async function freeze(pid: number): Promise<void> {
  send(pid, 'SIGSTOP')
  // Without /proc there is nothing to look at: the signal is all we have.
  const stands = () => isFrozen(pid) ?? true
  await waitFor(stands, { timeoutMs: 5_000, describe: `process ${pid} to freeze`, intervalMs: 5 })
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself meanwhile, which `gone` tells.
  }
}

async function fail(launch: Launch, cause: unknown): Promise<never> {
  const log = await readFile(launch.logFile, 'utf8').catch(() => '')
  const tail = log.trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n')
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `${launch.name} did not start: ${why}. The end of its log:\n${tail}`
  throw appError('OTN_ENGINE_FAILED', { message, cause })
}
