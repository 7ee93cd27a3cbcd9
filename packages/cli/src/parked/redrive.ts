/** Parked messages sent again as they came: a plan first, each marked once it is acknowledged. */
import type { OpenedLog, OutRecord, Position } from '@otn/bus'
import { kafkaTopics } from '@otn/contracts'
import type { Identity } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { Hindrance } from '../kept/hindrance.ts'
import type { KeptEntry } from '../kept/kept-entry.ts'
import { eachContent } from '../kept/read-kept.ts'
import { resolutionRecord } from '../kept/resolutions.ts'
import { copiesOf, factsOf, nameText, placeText, REDRIVEN_FROM } from './command-books.ts'
import { type CommandName, judge, type Original } from './judge.ts'

const ACKNOWLEDGE_MS = 10_000
const AT_ONCE = 100
const BYTES_AT_ONCE = 4 * 1024 * 1024
/** Who sent it again stands beside the message, whatever becomes of the mark. */
const REDRIVEN_BY = 'x-redriven-by'

export interface Redriving {
  readonly log: OpenedLog
  readonly vault: Vault
  readonly signal: AbortSignal
  /** What stands before Kafka topics in this deployment. */
  readonly prefix: string
}

export interface PlannedMessage {
  readonly entry: KeptEntry
  /** Null where it cannot be sent again. */
  readonly topic: Original['topic'] | null
  /** Where it stands again already: only the entry is left to be marked. */
  readonly copy: string | null
  readonly hindrance: Hindrance | null
}

interface Seen extends PlannedMessage {
  readonly names: CommandName | null
}

/** Reads entries and log, and publishes nothing. @throws CliError 130; OTN_BUS_* */
export async function planRedrive(
  entries: readonly KeptEntry[],
  { log, vault, signal, prefix }: Redriving,
): Promise<readonly PlannedMessage[]> {
  const seen: Seen[] = []
  const nothing = { topic: null, copy: null, names: null, hindrance: null }
  await eachContent(
    { log, keptIn: 'parked', signal },
    {
      entries,
      vault,
      onContent: async (entry, content) => {
        const judged = await judge(entry, content, { codec: log.codec, prefix })
        if ('hindrance' in judged) seen.push({ ...nothing, entry, hindrance: judged.hindrance })
        else seen.push({ ...nothing, entry, topic: judged.original.topic, names: judged.names })
      },
    },
  )
  const usable = seen.filter(({ topic }) => topic !== null)
  const topics = [...new Set(usable.flatMap(({ topic }) => topic ?? []))]
  const ids = new Set<string>(usable.map(({ entry }) => entry.eventId))
  const sinceMs = Math.min(...usable.map(({ entry }) => entry.timestampMs))
  const copies = await copiesOf(ids, { log, signal, topics, sinceMs })
  const asked = usable.flatMap(({ entry, names }) =>
    names === null || copies.has(entry.eventId) ? [] : [names],
  )
  const facts = await factsOf(asked, { log, signal })
  return seen.map(({ names, ...message }) => {
    const copy = copies.get(message.entry.eventId) ?? null
    const told = names === null || copy !== null ? undefined : facts.get(nameText(names))
    return told === undefined ? { ...message, copy } : { ...message, ...taken(told) }
  })
}

/** Sent all the same it would be refused, or be taken for a repeat: either helps nobody. */
function taken(told: 'begun' | 'ended'): Pick<PlannedMessage, 'topic' | 'hindrance'> {
  const text =
    told === 'ended'
      ? 'a command of its id has ended already: drop it'
      : 'a command of its id is under way already: drop it'
  return { topic: null, hindrance: { code: 'command-known', text } }
}

export interface Publishing extends Redriving {
  readonly identity: Identity
  readonly by: string
  readonly nowMs: number
  /** Called after each part that Kafka acknowledged. */
  readonly onProgress: (messages: number, of: number) => void
}

/**
 * Sends what the plan says, each message to its own Kafka topic with its key, value and headers,
 * and marks its entry afterwards. Cut off anywhere and planned anew, it goes on with what is
 * missing.
 * @throws CliError 130; OTN_BUS_*
 */
export async function publishRedrive(
  planned: readonly PlannedMessage[],
  publishing: Publishing,
): Promise<void> {
  const { log, vault, signal, prefix, onProgress } = publishing
  const usable = planned.filter(({ topic }) => topic !== null)
  const copies = new Map(usable.map(({ entry, copy }) => [entry.eventId, copy]))
  const parts = createParts(publishing, (done) => onProgress(done, usable.length))
  await eachContent(
    { log, keptIn: 'parked', signal },
    {
      entries: usable.map(({ entry }) => entry),
      vault,
      onContent: async (entry, content) => {
        if (signal.aborted) return
        const copy = copies.get(entry.eventId) ?? null
        if (copy !== null) return parts.add({ entry, copy })
        const judged = await judge(entry, content, { codec: log.codec, prefix })
        if ('original' in judged) await parts.add({ entry, original: judged.original })
      },
    },
  )
  await parts.flush()
}

type Item =
  | { readonly entry: KeptEntry; readonly original: Original }
  | { readonly entry: KeptEntry; readonly copy: string }

/** Collects messages; `flush` sends them, then marks their entries. */
function createParts(publishing: Publishing, onDone: (done: number) => void) {
  const { log, by, identity, nowMs } = publishing
  const appender = log.bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const resolving = { keptIn: 'parked', codec: log.codec, by, identity, nowMs } as const
  const state = { items: [] as Item[], bytes: 0, done: 0 }
  const flush = async (): Promise<void> => {
    const { items } = state
    if (items.length === 0) return
    Object.assign(state, { items: [], bytes: 0 })
    const fresh = items.flatMap((item) => ('original' in item ? [item] : []))
    const positions = await append(fresh.map((item) => messageOf(item, by)))
    const places = new Map(fresh.map(({ entry }, at) => [entry.eventId, positions[at]]))
    await append(
      items.map((item) => {
        const redrivenAs =
          'copy' in item ? item.copy : whereText(places.get(item.entry.eventId), item.original)
        return resolutionRecord(item.entry, { state: 'redriven', redrivenAs }, resolving)
      }),
    )
    state.done += items.length
    onDone(state.done)
  }
  const append = async (records: readonly OutRecord[]): Promise<readonly Position[]> =>
    records.length === 0 ? [] : appender.append(records)
  return {
    flush,
    add: async (item: Item): Promise<void> => {
      state.items.push(item)
      state.bytes += 'original' in item ? item.original.value.length : 0
      if (state.items.length >= AT_ONCE || state.bytes >= BYTES_AT_ONCE) await flush()
    },
  }
}

function messageOf(
  { entry, original }: { readonly entry: KeptEntry; readonly original: Original },
  by: string,
): OutRecord {
  const marks = { [REDRIVEN_FROM]: entry.eventId, [REDRIVEN_BY]: by }
  return { ...original, headers: { ...original.headers, ...marks } }
}

function whereText(position: Position | undefined, { topic }: Original): string {
  return position === undefined ? kafkaTopics[topic].name : placeText(position)
}
