/**
 * C0: records commands as they come, durably, before their Kafka offset is committed. The consumer
 * is an inbox: whatever a command waits for, it waits in its document and holds no partition.
 */
import { commandDigestText, type Notify, type ReasonCode, type RequestOptIn } from '@otn/contracts'
import { isTopic } from '@otn/kernel'
import { type Command, type Heading, newCommand } from '../domain/command.ts'
import type { CommandContent } from '../domain/command-content.ts'
import {
  type CommandDocument,
  idOf,
  type NewCommand,
  newDocument,
  type StoredCommand,
  withFacts,
} from '../domain/document.ts'
import type { RuledOut } from '../domain/judgement.ts'
import { unusableId, usableIds } from '../domain/validate-notify.ts'
import type { InboxPorts, Read, Recorded, Unusable } from '../inbox-ports.ts'

/** Every fact repeats who asked: a text without end would make a fact that no broker takes. */
const NAME_CHARACTERS_MAX = 256
/** Long enough for its lane to come to it, short enough that another process soon would. */
const OFFERED_LEASE_MS = 5_000

/** What the two kinds of commands differ in while they are recorded. */
export interface Intake<T extends Notify | RequestOptIn> {
  readonly heading: (
    given: T,
    fault: Fault | null,
  ) => Pick<Heading, 'route' | 'asks' | 'campaignId'>
  /** What is sealed in the document. */
  readonly content: (given: T) => CommandContent
  /** Why it can never be carried out, whatever happens; null where it can. */
  readonly fault: (given: T) => Fault | null
  /** Whether it goes to its lane at once; else whoever looks for what is due takes it. */
  readonly isOffered: boolean
}

export type Fault = Pick<RuledOut, 'reason'> & Partial<RuledOut>

const CONCEALED: ReadonlySet<ReasonCode> = new Set(['personal-data', 'sensitive-words'])

/** What must not go out must not stand on the log in clear either. */
export function conceals(fault: Fault | null): boolean {
  return fault !== null && CONCEALED.has(fault.reason)
}

/** Handles what was read of one partition; resolves when all of it is recorded or parked. */
export function recordRead<T extends Notify | RequestOptIn>(
  ports: InboxPorts,
  intake: Intake<T>,
): (reads: readonly Read<T>[]) => Promise<void> {
  const record = recordCommands(ports, intake)
  return async (reads) => {
    await park(
      ports,
      reads.flatMap((read) => unusableOf(read) ?? []),
    )
    const known = reads.filter((read) => read.kind === 'known' && !unusableId(read.value))
    await record(known.flatMap((read) => (read.kind === 'known' ? [read.value] : [])))
  }
}

/**
 * Records commands whose ids can be used, refuses for good what can never go out, answers the reuse
 * of an id, and hands what is new to its lane. Done twice, it changes nothing.
 */
export function recordCommands<T extends Notify | RequestOptIn>(
  ports: Omit<InboxPorts, 'parking'>,
  intake: Intake<T>,
): (commands: readonly T[]) => Promise<readonly Recorded[]> {
  return async (commands) => {
    if (commands.length === 0) return []
    const drafts = commands.map((given) => draftOf(ports, intake, given))
    const recorded = await ports.inbox.record(drafts)
    const as = (wanted: Recorded) => drafts.filter((_, index) => recorded[index] === wanted)
    await reject(ports, as('other'))
    await complete(ports, as('known'))
    await Promise.all(as('recorded').map((draft) => begin(ports, intake, draft)))
    for (const outcome of recorded) ports.tell.recorded(outcome)
    return recorded
  }
}

/** Who asked, as far as facts repeat it. */
export function requesterOf({ requestedBy }: { readonly requestedBy?: string | null }) {
  return requestedBy?.slice(0, NAME_CHARACTERS_MAX) ?? null
}

/** Sets aside what no retry can help. */
export async function park(
  { parking, tell }: Pick<InboxPorts, 'parking' | 'tell'>,
  unusable: readonly Unusable[],
): Promise<void> {
  if (unusable.length === 0) return
  await parking.park(unusable)
  for (const { why } of unusable) tell.parked(why.reason)
}

type Ports = Omit<InboxPorts, 'parking'>

function unusableOf(read: Read<Notify | RequestOptIn>): Unusable | null {
  if (read.kind === 'unusable') return read
  const { value, source } = read
  const reason = unusableId(value)
  if (reason === null) return null
  return { kind: 'unusable', source, why: { reason, detail: reason, ...usableIds(value) } }
}

function draftOf<T extends Notify | RequestOptIn>(
  ports: Ports,
  intake: Intake<T>,
  given: T,
): NewCommand {
  const { identity, contents, lanes, inbox } = ports
  const revision = inbox.firstRevision()
  const digest = identity.digest(commandDigestText(given))
  const fault = intake.fault(given)
  const requestedBy = requesterOf(given)
  const { pageId, commandId, psid, requestedAt = null, giveUpAt = null } = given
  // A recipient that is no id of its kind names nobody.
  const isNamed = psid && fault?.reason !== 'recipient-invalid'
  const person = isNamed ? identity.person(pageId, psid) : null
  const isTold = given.topic && isTopic(given.topic) && !conceals(fault)
  const topic = isTold ? (given.topic ?? null) : null
  const asked = { topic, requestedBy, requestedAt, ...intake.heading(given, fault) }
  const command = newCommand({ pageId, commandId, digest, ...asked }, person)
  if (fault !== null) {
    const document = refused(ports, command, fault)
    return { document, leaseMs: OFFERED_LEASE_MS, revision }
  }
  const content = contents.seal({ ...intake.content(given), requestedBy }, person)
  const document = newDocument({ command, content, giveUpAt })
  const isOffered = intake.isOffered && lanes.hasRoom(pageId)
  return { document, leaseMs: isOffered ? OFFERED_LEASE_MS : 0, revision }
}

/** Refused by its own words: the final fact is decided before the command is recorded. */
function refused(
  { facts, clock }: Ports,
  command: Command,
  { reason, ruling }: Fault,
): CommandDocument {
  const type = 'NotificationFailed' as const
  const draft = { type, attempt: 0, reason, tokenReleased: null, ...ruling }
  const written = facts.write(command, draft, { nowMs: clock.nowMs() })
  return withFacts(newDocument({ command, content: null, giveUpAt: null }), [written])
}

/** What was decided at once is told at once; the rest goes to its lane. */
async function begin(
  ports: Ports,
  { isOffered }: Pick<Intake<never>, 'isOffered'>,
  { document, revision }: NewCommand,
): Promise<void> {
  const fresh = { id: idOf(document), revision, doubtMs: 0, isTaken: false }
  const stored: StoredCommand = { ...document, ...fresh }
  if (document.command.final === null) {
    if (isOffered) ports.lanes.offer(stored)
    return
  }
  ports.tell.closed(stored)
  // Untold facts are told by whoever looks next, so a log that is away holds nobody here.
  await ports.tellFacts(stored, 0).catch((error) => ports.tell.tellFailed(stored, error))
}

async function reject({ facts, clock }: Ports, drafts: readonly NewCommand[]): Promise<void> {
  if (drafts.length === 0) return
  const written = drafts.map(({ document: { command } }) =>
    facts.writeRejection(command, clock.nowMs()),
  )
  await facts.tell(written.map(({ stored }) => stored))
}

/** After a rebuild the log knows commands whose content only the command itself holds. */
async function complete({ commands }: Ports, drafts: readonly NewCommand[]): Promise<void> {
  if (drafts.length === 0) return
  const contents = new Map(drafts.map(({ document }) => [idOf(document), document]))
  await commands.changeAll([...contents.keys()], (id, known) => {
    const content = contents.get(id)?.content ?? null
    if (!known || known.content !== null || content === null) return null
    const giveUpAt = contents.get(id)?.giveUpAt ?? null
    return { document: { ...known, content, giveUpAt }, leaseMs: null }
  })
}
