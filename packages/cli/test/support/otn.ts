import { spawn } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../src/main.ts')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Otn {
  /** Settles when the process has ended. */
  readonly ended: Promise<Ended>
  /** Settles once stdout or stderr holds the text. */
  saw(text: string): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Closes our end of its stdout, as `head` does. */
  hangUp(): void
}

export type Settings = Readonly<Record<string, string>>

/** Starts the real command line as a process of its own, with these settings and no others. */
export function startOtn(
  args: readonly string[],
  { env, cwd }: { readonly env: Settings; readonly cwd: string },
): Otn {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  })
  const text = { out: '', err: '' }
  const watchers = new Set<() => void>()
  const collect = (name: 'out' | 'err') => (chunk: Buffer) => {
    text[name] += chunk.toString('utf8')
    for (const watcher of watchers) watcher()
  }
  child.stdout.on('data', collect('out'))
  child.stderr.on('data', collect('err'))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...text }))
  })
  return {
    ended,
    saw: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (`${text.out}${text.err}`.includes(wanted)) resolve()
        }
        watchers.add(look)
        look()
        void ended.then(() => reject(new Error(`ended without ${wanted}: ${text.err}`)))
      }),
    kill: (signal) => void child.kill(signal),
    hangUp: () => void child.stdout.destroy(),
  }
}
