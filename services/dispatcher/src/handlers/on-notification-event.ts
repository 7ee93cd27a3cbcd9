/**
 * Folds our own facts back from the log: at every start, before any command is taken, and for good
 * beside the live work, where what is read is known already. A rebuild is nothing but this, from
 * the first fact on.
 */
import { documentId } from '../domain/command.ts'
import type { CommandFact } from '../domain/command-fact.ts'
import type { SealedContent } from '../domain/document.ts'
import { foldFacts, type Restated } from '../domain/fold-facts.ts'
import type { DuePorts } from '../ports.ts'

type Ports = Pick<DuePorts, 'commands' | 'contents' | 'calls'>

export function onNotificationEvent(
  ports: Ports,
): (events: readonly CommandFact[]) => Promise<void> {
  const { commands, contents, calls } = ports
  return async (events) => {
    // The refused reuse of an id says nothing of the command that has it.
    const facts = events.filter(({ type }) => type !== 'CommandRejected')
    const byId = Map.groupBy(facts, ({ pageId, commandId }) => documentId(pageId, commandId))
    await commands.changeAll([...byId.keys()], (id, known) =>
      foldFacts(known, {
        events: byId.get(id) ?? [],
        restated: () => restatedBy(byId.get(id) ?? [], contents),
        settleMs: calls.settleMs,
      }),
    )
  }
}

/** The content of a command that waited long enough to be restated. */
function restatedBy(events: readonly CommandFact[], contents: Ports['contents']): Restated {
  const event = events.find(({ type }) => type === 'NotificationScheduled')
  if (event?.type !== 'NotificationScheduled') return { content: null, giveUpAt: null }
  const { eventId, keyId, sealed, person, pageId, asks } = event
  const record = asks ? 'OptInRequestEvent' : 'NotificationEvent'
  const owner = person ?? pageId
  const content: SealedContent = { record, eventId, owner, keyId, sealed }
  return { content, giveUpAt: contents.open(content, event).giveUpAt ?? null }
}
