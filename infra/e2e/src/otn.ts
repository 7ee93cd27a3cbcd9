import { execFile } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../../packages/cli/src/main.ts')

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the real command line, which knows nothing but where the stack left its file. */
export function otn(stackHome: string, args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, OTN_HOME: stackHome }
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}
