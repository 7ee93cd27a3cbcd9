import { resolve } from 'node:path'
import { CliError, exitCodes } from '../exit-code.ts'
import type { Shell } from '../shell.ts'
import { usage } from './flags.ts'

/** What a file says, from where the person stands. @throws CliError 2 or 78 */
export function readJsonFile(
  file: string,
  { env, cwd, readFile }: Pick<Shell, 'env' | 'cwd' | 'readFile'>,
  name = '--file',
): unknown {
  const path = resolve(env.INIT_CWD ?? cwd, file)
  const text = readFile(path)
  if (text === null) throw usage(name, { got: path, wanted: 'a file that can be read' })
  try {
    return JSON.parse(text)
  } catch {
    throw new CliError(exitCodes.configuration, `${path} is not JSON`)
  }
}
