/**
 * What it means to a command that somebody cancels it. Pure: the store writes the change onto the
 * very document that it was decided upon.
 */
import { type CancelNotification, UNHEARD_DIGEST } from '@otn/contracts'
import { newCommand, stateOf } from './command.ts'
import {
  AT_REST,
  type Change,
  type CommandDocument,
  newDocument,
  type WrittenFact,
  withFacts,
} from './document.ts'
import { TELL_LEASE_MS } from './transitions.ts'

/** `ended` = it is its final fact, `noted` = a call is under way, `late` = nothing is changed. */
export type CancelOutcome = 'ended' | 'noted' | 'late'

/** A command that was never read: nothing is known of it but its id. */
export function unheard({ pageId, cancels: commandId }: CancelNotification): CommandDocument {
  const nothing = {
    topic: null,
    asks: null,
    campaignId: null,
    requestedBy: null,
    requestedAt: null,
  }
  const heading = { pageId, commandId, digest: UNHEARD_DIGEST, route: 'TOKEN', ...nothing } as const
  const command = newCommand(heading, null)
  return newDocument({ command, content: null, giveUpAt: null })
}

/** How far a cancel can still go; what asks a person for consent is none of its business. */
function outcomeOfCancel({ command, cancel }: CommandDocument): CancelOutcome {
  if (command.final !== null || command.asks !== null || cancel !== null) return 'late'
  return stateOf(command) === 'open' ? 'ended' : 'noted'
}

/**
 * Where it is known that nothing is out the command ends; else that is noted, and holds from the
 * moment that the call is known to have sent nothing, or forbids a further one. Null = too late.
 * @param writeEnd the final fact, of the document as it is now
 */
export function cancel(
  document: CommandDocument,
  by: string | null,
  writeEnd: (document: CommandDocument) => WrittenFact,
): Change | null {
  const outcome = outcomeOfCancel(document)
  if (outcome === 'late') return null
  if (outcome === 'noted') return { document: { ...document, cancel: { by } }, leaseMs: null }
  const ended = withFacts(document, [writeEnd(document)])
  return { document: { ...ended, ...AT_REST }, leaseMs: TELL_LEASE_MS }
}
