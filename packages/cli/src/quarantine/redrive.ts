/** Quarantine taken up again: read once to plan and once to publish, and the log in between. */
import type { OpenedLog, OutRecord } from '@otn/bus'
import { type Codec, cloudEventHeaders } from '@otn/contracts'
import type { Vault } from '@otn/vault'
import type { Hindrance } from '../kept/hindrance.ts'
import type { KeptEntry } from '../kept/kept-entry.ts'
import { eachContent, stopIfAsked } from '../kept/read-kept.ts'
import { resolutionRecord, SOURCE } from '../kept/resolutions.ts'
import { readLog } from '../log/read-log.ts'
import { type Around, type ConsentAgain, readAgain } from './read-again.ts'

const ACKNOWLEDGE_MS = 10_000
/** Of both kinds of records together; a cut loses at most the marks of so many. */
const AT_ONCE = 200

export interface Redriving {
  readonly log: OpenedLog
  readonly vault: Vault
  readonly signal: AbortSignal
  readonly around: Around
}

/** One entry as it would be taken up. */
export interface PlannedEntry {
  readonly entry: KeptEntry
  /** What it would become, by event id and the topic that the rules give it. */
  readonly consents: readonly {
    readonly eventId: string
    readonly topic: string | null
    /** The fact stands on the log already; only the entry is left to be marked. */
    readonly isOnLog: boolean
  }[]
  readonly hindrances: readonly Hindrance[]
}

/** An entry all of which can be used; one that holds more is sent in part and stays open. */
export function isWhole({ consents, hindrances }: PlannedEntry): boolean {
  return consents.length > 0 && hindrances.length === 0
}

/** Reads entries and log, and publishes nothing. @throws CliError 130; OTN_BUS_* */
export async function planRedrive(
  entries: readonly KeptEntry[],
  { log, vault, signal, around }: Redriving,
): Promise<readonly PlannedEntry[]> {
  const seen: Omit<PlannedEntry, 'isOnLog'>[] = []
  const place = { log, keptIn: 'quarantine', signal } as const
  await eachContent(place, {
    entries,
    vault,
    onContent: (entry, content) => {
      const { consents, hindrances } = readAgain(entry, content, around)
      const told = consents.map(({ value: { eventId, topic = null } }) => ({ eventId, topic }))
      seen.push({ entry, hindrances, consents: told.map((one) => ({ ...one, isOnLog: false })) })
    },
  })
  const wanted = new Set(seen.flatMap(({ consents }) => consents.map(({ eventId }) => eventId)))
  const onLog = await consentsOnLog(wanted, { log, signal })
  return seen.map(({ consents, ...rest }) => ({
    ...rest,
    consents: consents.map((one) => ({ ...one, isOnLog: onLog.has(one.eventId) })),
  }))
}

async function consentsOnLog(
  wanted: ReadonlySet<string>,
  { log, signal }: Pick<Redriving, 'log' | 'signal'>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  if (wanted.size === 0) return found
  await readLog(log, {
    topics: ['optIn'],
    until: 'end',
    signal,
    onRecord: ({ decoded }) => {
      if (decoded.kind === 'known' && wanted.has(decoded.value.eventId)) {
        found.add(decoded.value.eventId)
      }
    },
  })
  stopIfAsked(signal)
  return found
}

export interface Publishing extends Redriving {
  readonly by: string
  /** Called after each part that Kafka acknowledged. */
  readonly onProgress: (entries: number, of: number) => void
}

/**
 * Publishes what the plan says can be used and marks what was taken up whole, each entry's consents
 * before its mark. Cut off anywhere and planned anew, it goes on with what is missing.
 * @throws CliError 130; OTN_BUS_*
 */
export async function publishRedrive(
  planned: readonly PlannedEntry[],
  publishing: Publishing,
): Promise<void> {
  const { log, vault, signal, around, by, onProgress } = publishing
  const { codec } = log
  const usable = planned.filter(({ consents }) => consents.length > 0)
  const whole = new Set(usable.filter(isWhole).map(({ entry }) => entry.eventId))
  const onLog = usable.flatMap(({ consents }) => consents.filter(({ isOnLog }) => isOnLog))
  const published = new Set(onLog.map(({ eventId }) => eventId))
  const appender = log.bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const parts = { consents: [] as OutRecord[], marks: [] as OutRecord[], entries: 0, done: 0 }
  const flush = async () => {
    if (parts.consents.length > 0) await appender.append(parts.consents)
    if (parts.marks.length > 0) await appender.append(parts.marks)
    parts.done += parts.entries
    Object.assign(parts, { consents: [], marks: [], entries: 0 })
    onProgress(parts.done, usable.length)
  }
  const { identity, nowMs } = around
  const resolving = { keptIn: 'quarantine', identity, nowMs, codec, by } as const
  await eachContent(
    { log, keptIn: 'quarantine', signal },
    {
      entries: usable.map(({ entry }) => entry),
      vault,
      onContent: async (entry, content) => {
        if (signal.aborted) return
        const { consents } = readAgain(entry, content, around)
        for (const consent of consents) {
          if (published.has(consent.value.eventId)) continue
          published.add(consent.value.eventId)
          parts.consents.push(recordOf(consent, { codec, vault }))
        }
        if (whole.has(entry.eventId)) {
          const redrivenAs = consents.map(({ value }) => value.eventId).join(',')
          parts.marks.push(resolutionRecord(entry, { state: 'redriven', redrivenAs }, resolving))
        }
        parts.entries += 1
        if (parts.consents.length + parts.marks.length >= AT_ONCE) await flush()
      },
    },
  )
  if (parts.entries > 0) await flush()
}

/** Sealed and encoded as by the ingress. */
function recordOf(
  { key, value, content }: ConsentAgain,
  { codec, vault }: { readonly codec: Codec; readonly vault: Vault },
): OutRecord {
  const { eventId, type } = value
  const sealed = vault.seal(content, { record: 'OptInReceived', eventId, owner: key })
  const headers = cloudEventHeaders({ id: eventId, source: SOURCE, type })
  const bytes = codec.encode('OptInReceived', { ...value, ...sealed })
  return { topic: 'optIn', key, value: bytes, headers: { ...headers } }
}
