/**
 * C0: records commands as they come, durably, before their Kafka offset is committed. The consumer
 * is an inbox: whatever a command waits for, it waits in its document and holds no partition.
 */
import { type Notify, notifyDigestText, type ReasonCode } from '@otn/contracts'
import { isTopic } from '@otn/kernel'
import { type Command, documentId, newCommand } from '../domain/command.ts'
import {
  type CommandDocument,
  idOf,
  type NewCommand,
  newDocument,
  type StoredCommand,
  withFacts,
} from '../domain/document.ts'

import { unusableId, usableIds, validateNotify } from '../domain/validate-notify.ts'
import type { InboxPorts, Read, Recorded, Unusable } from '../inbox-ports.ts'

/** Every fact repeats who asked: a text without end would make a fact that no broker takes. */
const NAME_CHARACTERS_MAX = 256
/** Long enough for its lane to come to it, short enough that another process soon would. */
const OFFERED_LEASE_MS = 5_000

/** Handles what was read of one partition; resolves when all of it is recorded or parked. */
export function onNotify(ports: InboxPorts): (reads: readonly Read<Notify>[]) => Promise<void> {
  const record = recordNotify(ports)
  return async (reads) => {
    const unusable = reads.flatMap((read) => unusableOf(read) ?? [])
    if (unusable.length > 0) {
      await ports.parking.park(unusable)
      for (const { why } of unusable) ports.tell.parked(why.reason)
    }
    const known = reads.filter((read) => read.kind === 'known' && !unusableId(read.value))
    await record(known.flatMap((read) => (read.kind === 'known' ? [read.value] : [])))
  }
}

/**
 * Records commands whose ids can be used, refuses for good what can never go out, answers the reuse
 * of an id, and hands what is new to its lane. Done twice, it changes nothing.
 */
export function recordNotify(
  ports: Omit<InboxPorts, 'parking'>,
): (commands: readonly Notify[]) => Promise<readonly Recorded[]> {
  return async (notifies) => {
    if (notifies.length === 0) return []
    const drafts = notifies.map((notify) => ({ notify, fresh: documentOf(ports, notify) }))
    const recorded = await ports.inbox.record(drafts.map(({ fresh }) => fresh))
    const as = (wanted: Recorded) => drafts.filter((_, index) => recorded[index] === wanted)
    await reject(ports, as('other'))
    await complete(ports, as('known'))
    await Promise.all(as('recorded').map(({ fresh }) => begin(ports, fresh)))
    for (const outcome of recorded) ports.tell.recorded(outcome)
    return recorded
  }
}

type Ports = Omit<InboxPorts, 'parking'>

interface Draft {
  readonly notify: Notify
  readonly fresh: NewCommand
}

function unusableOf(read: Read<Notify>): Unusable | null {
  if (read.kind === 'unusable') return read
  const { value, source } = read
  const reason = unusableId(value)
  if (reason === null) return null
  return { kind: 'unusable', source, why: { reason, detail: reason, ...usableIds(value) } }
}

function documentOf(ports: Ports, given: Notify): NewCommand {
  const { identity, contents, lanes, inbox } = ports
  const revision = inbox.firstRevision()
  const digest = identity.digest(notifyDigestText(given))
  const fault = validateNotify(given)
  const notify = { ...given, requestedBy: given.requestedBy?.slice(0, NAME_CHARACTERS_MAX) ?? null }
  const { pageId, commandId, psid, requestedBy, requestedAt = null, giveUpAt = null } = notify
  // A recipient that is no id of its kind names nobody.
  const person = psid && fault !== 'recipient-invalid' ? identity.person(pageId, psid) : null
  const topic = notify.topic && isTopic(notify.topic) ? notify.topic : null
  const command = newCommand({ pageId, commandId, digest, topic, requestedBy, requestedAt }, person)
  if (fault !== null) {
    const document = refused(ports, command, fault)
    return { document, leaseMs: OFFERED_LEASE_MS, revision }
  }
  const content = contents.seal(notify, person)
  const document = newDocument({ command, content, giveUpAt })
  return { document, leaseMs: lanes.hasRoom(pageId) ? OFFERED_LEASE_MS : 0, revision }
}

/** Refused by its own words: the final fact is decided before the command is recorded. */
function refused({ facts, clock }: Ports, command: Command, reason: ReasonCode): CommandDocument {
  const draft = { type: 'NotificationFailed', attempt: 0, reason, tokenReleased: null } as const
  const written = facts.write(command, draft, { nowMs: clock.nowMs() })
  return withFacts(newDocument({ command, content: null, giveUpAt: null }), [written])
}

/** What was decided at once is told at once; the rest goes to its lane. */
async function begin(ports: Ports, { document, revision }: NewCommand): Promise<void> {
  const fresh = { id: idOf(document), revision, doubtMs: 0, isTaken: false }
  const stored: StoredCommand = { ...document, ...fresh }
  if (document.command.final === null) {
    ports.lanes.offer(stored)
    return
  }
  ports.tell.closed(stored)
  // Untold facts are told by whoever looks next, so a log that is away holds nobody here.
  await ports.tellFacts(stored, 0).catch((error) => ports.tell.tellFailed(stored, error))
}

async function reject({ facts, clock }: Ports, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return
  const written = drafts.map(({ fresh }) =>
    facts.writeRejection(fresh.document.command, clock.nowMs()),
  )
  await facts.tell(written.map(({ stored }) => stored))
}

/** After a rebuild the log knows commands whose content only the command itself holds. */
async function complete({ commands }: Ports, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return
  const contents = new Map(
    drafts.map(({ notify: { pageId, commandId }, fresh: { document } }) => [
      documentId(pageId, commandId),
      document,
    ]),
  )
  await commands.changeAll([...contents.keys()], (id, known) => {
    const content = contents.get(id)?.content ?? null
    if (!known || known.content !== null || content === null) return null
    const giveUpAt = contents.get(id)?.giveUpAt ?? null
    return { document: { ...known, content, giveUpAt }, leaseMs: null }
  })
}
