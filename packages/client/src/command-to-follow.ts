import type { Positions } from '@otn/bus'
import type { FactStream } from './fact-reader.ts'
import { type Fault, invalid, shown } from './fault.ts'
import { readInstant } from './instant.ts'
import type { CommandReference, Notified, OutcomeOptions } from './notifier.ts'
import { type FollowedCommand, followed, type PublishedCommands } from './published-commands.ts'

interface Lookup {
  readonly options: OutcomeOptions
  readonly published: PublishedCommands
  readonly topic: FactStream
  readonly positions: Pick<Positions, 'endOffsets' | 'offsetsAt'>
}

/** Which command is meant, and where its facts begin. @throws OTN_CLIENT_INVALID */
export async function commandToFollow(
  command: string | Notified | CommandReference,
  { options, published, topic, positions }: Lookup,
): Promise<FollowedCommand> {
  const instant = readInstant('since', options.since)
  if (instant.faults.length > 0) throw invalid('outcome', instant.faults)
  const given: Partial<CommandReference> =
    typeof command === 'string' ? { commandId: command, ...pageOf(options) } : command
  const known = published.find(given.commandId ?? '', given.pageId)
  const { commandId, pageId = known?.pageId } = given
  const digest = given.digest ?? known?.digest ?? null
  if (!commandId || !pageId) throw invalid('outcome', [whichCommand(command)])
  if (instant.ms !== null) {
    const outcomeFrom = await positions.offsetsAt(topic, instant.ms)
    return followed({ pageId, commandId, digest, outcomeFrom })
  }
  if (known) return known
  if (given.outcomeFrom === undefined) throw invalid('outcome', [whereItBegins])
  const outcomeFrom = offsets(given.outcomeFrom)
  return followed({ pageId, commandId, digest, outcomeFrom })
}

function pageOf({ pageId }: OutcomeOptions): { readonly pageId?: string } {
  return pageId === undefined ? {} : { pageId }
}

function offsets(texts: readonly string[]): readonly bigint[] {
  const wrong = texts.find((text) => !/^\d{1,19}$/.test(text))
  if (wrong === undefined) return texts.map(BigInt)
  const wanted = 'offsets as decimal texts, as notify gave them'
  throw invalid('outcome', [{ field: 'outcomeFrom', got: shown(wrong), wanted }])
}

const whereItBegins: Fault = {
  field: 'outcomeFrom',
  got: 'nothing, for a command that this notifier did not publish',
  wanted: 'what notify gave, or the option since',
}

function whichCommand(command: unknown): Fault {
  const got = typeof command === 'string' ? `${shown(command)}, not published here` : shown(command)
  return { field: 'command', got, wanted: 'what notify gave: { pageId, commandId, outcomeFrom }' }
}
