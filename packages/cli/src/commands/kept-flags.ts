/** Flags that the commands of quarantine and parked share. */
import { findPersonalData } from '@otn/policy'
import type { Command } from 'commander'
import type { Choice } from '../kept/choose.ts'
import type { Shell } from '../shell.ts'
import { usage } from './flags.ts'

const EVENT_ID = /^[0-9a-f]{32}$/
const NAME_CHARACTERS_MAX = 128
const BECAUSE_CHARACTERS_MAX = 300

export interface ChoiceFlags {
  readonly page?: string
  readonly reason?: string
  readonly all?: boolean
  readonly by?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

export function addChoiceOptions(command: Command): void {
  command
    .option('--page <id>', 'every open entry of this page')
    .option('--reason <code>', 'every open entry of this reason')
    .option('--all', 'every open entry')
    .option('--by <name>', 'who does it; default: the user of this machine')
    .option('--dry-run', 'show the plan, and publish nothing')
    .option('--yes', 'do not ask')
}

/** What is open of what was named; never everything because nothing was. @throws CliError 2 */
export function choiceOf(flags: ChoiceFlags, ids: readonly string[]): Choice {
  const { page, reason, all = false } = flags
  if (ids.length === 0 && page === undefined && reason === undefined && !all) {
    throw usage('<ids>', { got: 'nothing', wanted: 'ids, --page, --reason or --all' })
  }
  return { ids: eventIds(ids), page, reason, state: 'open' }
}

/** @throws CliError 2 where one is none */
export function eventIds(ids: readonly string[]): readonly string[] {
  const wrong = ids.find((id) => !EVENT_ID.test(id))
  if (wrong === undefined) return ids
  const got = `a text of ${wrong.length} characters`
  throw usage('<ids>', { got, wanted: 'event ids as `list` shows them: 32 hex digits' })
}

/**
 * Who does it: it stands on the log. Asked for before anything is read; in a dry run nobody does.
 * @throws CliError 2
 */
export function byOf({ by, dryRun = false }: ChoiceFlags, { env }: Pick<Shell, 'env'>): string {
  const name = by ?? env.USER ?? env.USERNAME ?? (dryRun ? 'nobody' : undefined)
  if (name && name.length <= NAME_CHARACTERS_MAX) return name
  const got = name ? `${name.length} characters` : 'nothing'
  throw usage('--by', { got, wanted: `a name of 1 to ${NAME_CHARACTERS_MAX} characters` })
}

/** Why something is dropped, in words that may stand on the log for good. @throws CliError 2 */
export function becauseOf(text: string): string {
  const words = text.trim()
  if (words === '' || words.length > BECAUSE_CHARACTERS_MAX) {
    const wanted = `1 to ${BECAUSE_CHARACTERS_MAX} characters`
    throw usage('--because', { got: `${words.length} characters`, wanted })
  }
  const [kind] = findPersonalData(words)
  if (kind === undefined) return words
  throw usage('--because', { got: `a text with ${kind}`, wanted: 'words that name nobody' })
}
