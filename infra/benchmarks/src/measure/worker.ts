/** A process of its own under measurement, and what it is asked. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface Worker extends AsyncDisposable {
  /** Does as asked. @returns its answer, and the CPU time of the process until then, µs */
  ask(question: object): Promise<Answered>
}

export interface Answered {
  readonly value: unknown
  readonly cpuUs: number
}

/** Starts a file that calls `answerQuestions`. @throws Error where it ends instead of answering */
export async function startWorker(file: string): Promise<Worker> {
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await heard(child)
  return {
    ask: async (question) => {
      const answer = heard(child)
      child.send(question)
      return (await answer) as Answered
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
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

/** In the worker: answers one question after the other until the parent goes. */
export function answerQuestions(answer: (question: object) => Promise<unknown>): void {
  process.on('message', async (question: object) => {
    const value = await answer(question)
    const { user, system } = process.cpuUsage()
    process.send?.({ value: value ?? null, cpuUs: user + system })
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.('ready')
}
