/**
 * Parked messages given up. A Notify whose ids could be read is cancelled, so that whoever asked
 * for it learns its end from the dispatcher, who alone writes final facts; then it is marked.
 */
import type { OpenedLog, OutRecord } from '@otn/bus'
import { type CancelNotification, type Codec, cloudEventHeaders } from '@otn/contracts'
import { type CommandId, commandId, type Identity } from '@otn/kernel'
import type { Hindrance } from '../kept/hindrance.ts'
import type { KeptEntry } from '../kept/kept-entry.ts'
import { stopIfAsked } from '../kept/read-kept.ts'
import { resolutionRecord, SOURCE } from '../kept/resolutions.ts'
import { copiesOf, factsOf, nameText, othersOf, placeText } from './command-books.ts'
import { topicOf } from './judge.ts'

const ACKNOWLEDGE_MS = 10_000
const AT_ONCE = 100

/** What becomes of the command: whoever asked for it waits for a final fact. */
export type CommandEnd =
  /** A CancelNotification is published: the dispatcher ends it as cancelled. */
  | 'cancelled'
  /** A command of its id stands elsewhere, or has its own end: a cancel would hit that one. */
  | 'has-its-own'
  /** It names no ids, so there is nothing that a fact could be about. */
  | 'nameless'
  /** Questions, cancels, campaigns and withdrawals have no final fact of this kind. */
  | 'none'

export interface PlannedDrop {
  readonly entry: KeptEntry
  readonly end: CommandEnd
  readonly hindrance: Hindrance | null
}

export interface Dropping {
  readonly log: OpenedLog
  readonly signal: AbortSignal
  readonly prefix: string
}

type Named = KeptEntry & { readonly commandId: CommandId }

/**
 * Reads the log, and publishes nothing.
 * @param all every entry that stands there, chosen or not
 * @throws CliError 130; OTN_BUS_*
 */
export async function planDrop(
  chosen: readonly KeptEntry[],
  { log, signal, prefix, all }: Dropping & { readonly all: readonly KeptEntry[] },
): Promise<readonly PlannedDrop[]> {
  if (chosen.length === 0) return []
  const isNotify = (entry: KeptEntry) => topicOf(entry, prefix) === 'notify'
  const named = chosen.filter((entry): entry is Named => isNotify(entry) && hasNames(entry))
  const parkedAt = new Set(all.flatMap((entry) => placeOf(entry, prefix)))
  const reading = { log, signal }
  const topics = [...new Set(chosen.flatMap((entry) => topicOf(entry, prefix) ?? []))]
  const sinceMs = Math.min(...chosen.map(({ timestampMs }) => timestampMs))
  const ids = new Set<string>(chosen.map(({ eventId }) => eventId))
  const copies = await copiesOf(ids, { ...reading, topics, sinceMs })
  const facts = await factsOf(named, reading)
  const others = await othersOf(named, { ...reading, parkedAt })
  const endOf = (entry: KeptEntry): CommandEnd => {
    if (!isNotify(entry)) return 'none'
    if (!hasNames(entry)) return 'nameless'
    const name = nameText(entry)
    return facts.has(name) || others.has(name) ? 'has-its-own' : 'cancelled'
  }
  return chosen.map((entry) => {
    const copy = copies.get(entry.eventId)
    const hindrance = copy === undefined ? null : sentAgain(copy)
    return { entry, end: endOf(entry), hindrance }
  })
}

function hasNames(entry: KeptEntry): entry is Named {
  return entry.commandId !== null && /^\d{1,20}$/.test(entry.pageId)
}

function placeOf(entry: KeptEntry, prefix: string): readonly string[] {
  const topic = topicOf(entry, prefix)
  return topic === null || entry.from === null ? [] : [placeText({ topic, ...entry.from })]
}

function sentAgain(copy: string): Hindrance {
  const text = `it was sent again as ${copy} and not marked: redrive it, which only marks it`
  return { code: 'already-sent', text }
}

export interface Publishing extends Dropping {
  readonly identity: Identity
  readonly by: string
  readonly dropReason: string
  readonly nowMs: number
  readonly onProgress: (entries: number, of: number) => void
}

/**
 * Cancels before it marks. Cut off anywhere and planned anew, it goes on with what is missing; a
 * second cancel of one command changes nothing.
 * @throws CliError 130; OTN_BUS_*
 */
export async function publishDrop(
  planned: readonly PlannedDrop[],
  publishing: Publishing,
): Promise<void> {
  const { log, signal, by, identity, nowMs, dropReason, onProgress } = publishing
  const { codec, bus } = log
  const appender = bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const wanted = planned.filter(({ hindrance }) => hindrance === null)
  const resolving = { keptIn: 'parked', codec, by, identity, nowMs } as const
  const cancelling = { codec, by, nowMs }
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    stopIfAsked(signal)
    const part = wanted.slice(at, at + AT_ONCE)
    const cancels = part.flatMap(({ entry, end }) =>
      end === 'cancelled' && hasNames(entry) ? [cancelOf(entry, cancelling)] : [],
    )
    if (cancels.length > 0) await appender.append(cancels)
    const ending = { state: 'dropped', dropReason } as const
    await appender.append(part.map(({ entry }) => resolutionRecord(entry, ending, resolving)))
    onProgress(at + part.length, wanted.length)
  }
}

/** Its own id follows from the entry's, so that a second one is the same command. */
function cancelOf(
  { eventId, pageId, commandId: cancels }: Named,
  { codec, by, nowMs }: Pick<Publishing, 'by' | 'nowMs'> & { readonly codec: Codec },
): OutRecord {
  const id = commandId(`drop:${eventId}`)
  const value: CancelNotification = {
    ...{ commandId: id, pageId, cancels },
    ...{ requestedBy: by, requestedAt: nowMs },
  }
  const type = 'CancelNotification'
  const headers = cloudEventHeaders({ id: `${pageId}:${id}`, source: SOURCE, type })
  const bytes = codec.encode('CancelNotification', value)
  return { topic: 'cancel', key: `${pageId}:${id}`, value: bytes, headers: { ...headers } }
}
