/**
 * Cancels notifications, also those that were not read yet: the cancel of an id that nobody knows
 * is itself the final fact of whatever comes under it. Done twice, it changes nothing.
 */
import type { CancelNotification } from '@otn/contracts'
import { cancel, unheard } from '../domain/cancel.ts'
import { documentId } from '../domain/command.ts'
import { unusableId, usableIds } from '../domain/validate-notify.ts'
import type { InboxPorts, Read, Unusable } from '../inbox-ports.ts'
import { park, requesterOf } from './record-commands.ts'

type Ports = Omit<InboxPorts, 'inbox'>

/** Handles what was read of one partition; resolves when all of it is decided or parked. */
export function onCancelNotification(
  ports: Ports,
): (reads: readonly Read<CancelNotification>[]) => Promise<void> {
  return async (reads) => {
    await park(
      ports,
      reads.flatMap((read) => unusableOf(read) ?? []),
    )
    for (const read of reads) if (unusableOf(read) === null) await carryOut(ports, read)
  }
}

async function carryOut(ports: Ports, read: Read<CancelNotification>): Promise<void> {
  if (read.kind !== 'known') return
  const { commands, facts, clock, tell } = ports
  const { pageId, cancels } = read.value
  const by = requesterOf(read.value)
  const type = 'NotificationCancelled' as const
  const draft = { type, attempt: 0, reason: 'cancelled' as const, ...(by ? { settledBy: by } : {}) }
  const changed = await commands.change(documentId(pageId, cancels), (known) =>
    cancel(known ?? unheard(read.value), by, ({ command }) =>
      facts.write(command, draft, { nowMs: clock.nowMs() }),
    ),
  )
  if (changed.kind !== 'changed') return tell.cancelled('late')
  const { document } = changed
  const hasEnded = document.command.final !== null
  tell.cancelled(hasEnded ? 'ended' : 'noted')
  if (!hasEnded) return
  tell.closed(document)
  // Untold facts are told by whoever looks next, so a log that is away holds nobody here.
  await ports.tellFacts(document, 0).catch((error) => tell.tellFailed(document, error))
}

function unusableOf(read: Read<CancelNotification>): Unusable | null {
  if (read.kind === 'unusable') return read
  const { value, source } = read
  const { pageId, cancels } = value
  const reason = unusableId(value) ?? unusableId({ pageId, commandId: cancels })
  if (reason === null) return null
  return { kind: 'unusable', source, why: { reason, detail: reason, ...usableIds(value) } }
}
