import { execFile } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../../../packages/cli/src/main.ts')

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the real command line as a process of its own, with these settings and no others. */
export function otn(env: Readonly<Record<string, string>>, line: string): Promise<Ended> {
  const settings = { PATH: process.env.PATH, USER: 'ada', ...env }
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...line.split(' ')], { env: settings }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
}
