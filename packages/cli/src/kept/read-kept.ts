/** The entries of a Kafka topic, and what they hold: read twice, so that no content is kept. */
import type { OpenedLog } from '@otn/bus'
import { isAppError } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import { CliError, exitCodes } from '../exit-code.ts'
import { readLog } from '../log/read-log.ts'
import { isKeeping, type Keeping, type KeptEntry, type KeptIn, keptFold } from './kept-entry.ts'

export interface KeptPlace {
  readonly log: OpenedLog
  readonly keptIn: KeptIn
  readonly signal: AbortSignal
}

/** @throws CliError 130 where the person interrupts; OTN_BUS_* */
export async function readKept({ log, keptIn, signal }: KeptPlace): Promise<readonly KeptEntry[]> {
  const fold = keptFold()
  await readLog(log, { topics: [keptIn], until: 'end', signal, onRecord: fold.add })
  stopIfAsked(signal)
  return fold.entries()
}

/** What an entry holds; null where these keys do not open it. */
export type Content = Readonly<Record<string, unknown>> | null

export interface EachContent {
  readonly entries: readonly KeptEntry[]
  readonly vault: Vault
  /** One at a time. What it throws ends the reading. */
  readonly onContent: (entry: KeptEntry, content: Content) => void | Promise<void>
}

/**
 * Hands over what the entries hold, each once, in log order.
 * @throws CliError 130 where the person interrupts; what `onContent` threw; OTN_BUS_*
 */
export async function eachContent(
  { log, keptIn, signal }: KeptPlace,
  { entries, vault, onContent }: EachContent,
): Promise<void> {
  const left = new Map(entries.map((entry) => [entry.eventId, entry]))
  if (left.size === 0) return
  const state = { fault: undefined as unknown }
  const reading = readLog(log, {
    topics: [keptIn],
    until: 'end',
    signal,
    onRecord: async ({ decoded }) => {
      if (decoded.kind !== 'known' || !isKeeping(decoded.value)) return
      const entry = left.get(decoded.value.eventId)
      if (entry === undefined) return
      left.delete(entry.eventId)
      try {
        await onContent(entry, contentOf(decoded.value, vault))
      } catch (error) {
        // It says more than the crash it leads to.
        state.fault ??= error
        throw error
      }
    },
  })
  await reading.catch((error) => {
    throw state.fault ?? error
  })
  stopIfAsked(signal)
}

/** A key that is not among ours, or a record that was tampered with: told, never thrown. */
function contentOf(value: Keeping, vault: Vault): Content {
  const record = value.type === 'ItemQuarantined' ? 'QuarantinedItem' : 'ParkedMessage'
  try {
    return vault.open(value, { record, eventId: value.eventId, owner: value.pageId })
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}

export function stopIfAsked(signal: AbortSignal): void {
  if (!signal.aborted) return
  const message = 'interrupted: what was acknowledged stays; run it again to go on'
  throw new CliError(exitCodes.interrupted, message)
}
