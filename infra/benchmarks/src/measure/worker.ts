/** A process of its own under measurement, and what it is asked. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import type { Sample } from './sample.ts'

export interface Worker extends AsyncDisposable {
  /** Does as asked. @returns its answer, and the CPU time of the process until then, µs */
  ask(question: object): Promise<Answered>
  /** Ends it by a signal, the way a service is stopped. */
  stop(signal: NodeJS.Signals): Promise<void>
}

export interface Answered {
  readonly value: unknown
  readonly cpuUs: number
}

export interface WorkerOptions {
  /** Of the process; default: that of this one. */
  readonly env?: Readonly<Record<string, string>>
  /** Flags of Node, before the file. */
  readonly flags?: readonly string[]
  /** Where its output goes, a file descriptor; default: to ours. */
  readonly output?: number
}

/** Every process under measurement answers this one by itself, and does nothing for it. */
const CPU = { kind: 'cpu' } as const

/** Starts a file that calls `answerQuestions`. @throws Error where it ends instead of answering */
export async function startWorker(file: string, options: WorkerOptions = {}): Promise<Worker> {
  const { env, flags = [], output = 'inherit' } = options
  const child = fork(file, {
    stdio: ['ignore', output, output, 'ipc'],
    execArgv: [...flags],
    ...(env === undefined ? {} : { env }),
  })
  await heard(child)
  const ended = once(child, 'exit')
  return {
    ask: async (question) => {
      const answer = heard(child)
      child.send(question)
      return (await answer) as Answered
    },
    stop: async (signal) => {
      child.kill(signal)
      await ended
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect()
      if (child.exitCode === null && child.signalCode === null) await ended
    },
  }
}

function heard(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the process under measurement ended: ${child.exitCode}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}

/** What a process takes while something is done, for each unit of it. */
export async function measured(
  worker: Worker,
  units: number,
  work: () => Promise<unknown>,
): Promise<Sample> {
  const { cpuUs: before } = await worker.ask(CPU)
  const startedMs = performance.now()
  await work()
  const wallUs = (performance.now() - startedMs) * 1_000
  const { cpuUs } = await worker.ask(CPU)
  return { cpuUs: (cpuUs - before) / units, wallUs: wallUs / units }
}

/** In the worker: answers one question after the other until the parent goes. */
export function answerQuestions(answer: (question: object) => Promise<unknown>): void {
  process.on('message', async (question: { readonly kind?: string }) => {
    const value = question.kind === CPU.kind ? null : await answer(question)
    const { user, system } = process.cpuUsage()
    process.send?.({ value: value ?? null, cpuUs: user + system })
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.('ready')
}
