/** Which entries a command is about. Pure. */
import { CliError, exitCodes } from '../exit-code.ts'
import { type KeptEntry, type KeptIn, type KeptState, stateOf } from './kept-entry.ts'

export interface Choice {
  /** Event ids; empty = all that the rest lets through. */
  readonly ids: readonly string[]
  readonly page: string | undefined
  readonly reason: string | undefined
  /** Undefined = whatever their state. */
  readonly state: KeptState | undefined
}

/** @throws CliError 3 where an id names none */
export function choose(
  entries: readonly KeptEntry[],
  { choice, keptIn }: { readonly choice: Choice; readonly keptIn: KeptIn },
): readonly KeptEntry[] {
  const { ids, page, reason, state } = choice
  const known = new Set<string>(entries.map(({ eventId }) => eventId))
  const strange = ids.find((id) => !known.has(id))
  if (strange !== undefined) {
    const message = `there is no ${keptIn} entry ${JSON.stringify(strange)}`
    throw new CliError(exitCodes.notFound, message, `pnpm otn ${keptIn} list --state all`)
  }
  const named = new Set(ids)
  return entries.filter(
    (entry) =>
      (named.size === 0 || named.has(entry.eventId)) &&
      (page === undefined || entry.pageId === page) &&
      (reason === undefined || entry.reason === reason) &&
      (state === undefined || stateOf(entry) === state),
  )
}
