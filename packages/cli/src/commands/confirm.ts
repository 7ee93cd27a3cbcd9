import { CliError, exitCodes } from '../exit-code.ts'
import type { Shell } from '../shell.ts'
import { usage } from './flags.ts'

export interface Confirmation {
  /** What will be so afterwards, in one sentence. */
  readonly sentence: string
  /** Said beforehand, for scripts. */
  readonly isYes: boolean
}

/** Goes on only with a yes. @throws CliError 2 where nobody can be asked, 5 on any other answer */
export async function confirm(shell: Shell, { sentence, isYes }: Confirmation): Promise<void> {
  if (isYes) return
  if (shell.ask === null) {
    throw usage('--yes', { got: 'nothing, and no terminal to ask at', wanted: 'it, to go on' })
  }
  const answer = await shell.ask(`${sentence}\nType yes to go on: `)
  if (answer.trim().toLowerCase() === 'yes') return
  throw new CliError(exitCodes.refused, 'left as it is')
}
