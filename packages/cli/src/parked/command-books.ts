/** What the log says of commands by their ids, before one of them is sent again or given up. */
import type { NextOffsets, OpenedLog } from '@otn/bus'
import { inNotificationWords, type NotificationEvent, type TopicAlias } from '@otn/contracts'
import { stopIfAsked } from '../kept/read-kept.ts'
import { type LogRecord, readLog } from '../log/read-log.ts'
import type { CommandName } from './judge.ts'

/** Names the parked entry that a message was sent again from. */
export const REDRIVEN_FROM = 'x-redriven-from'
/** More are looked for by decoding every fact. */
const NEEDLES_MAX = 16

export interface Books {
  /** Commands of which the dispatcher has told something: `ended` = by a final fact. */
  readonly facts: ReadonlyMap<string, 'begun' | 'ended'>
}

interface Reading {
  readonly log: OpenedLog
  readonly signal: AbortSignal
}

export function nameText({ pageId, commandId }: CommandName): string {
  return `${pageId}:${commandId}`
}

/** What the dispatcher has told of these commands. @throws CliError 130; OTN_BUS_* */
export async function factsOf(
  names: readonly CommandName[],
  { log, signal }: Reading,
): Promise<Books['facts']> {
  const facts = new Map<string, 'begun' | 'ended'>()
  if (names.length === 0) return facts
  const wanted = new Set(names.map(nameText))
  const needles = names.map(({ commandId }) => Buffer.from(commandId, 'utf8'))
  await readLog(log, {
    topics: ['notification', 'optInRequestEvent'],
    until: 'end',
    signal,
    wants: (value) =>
      needles.length > NEEDLES_MAX || needles.some((needle) => value.includes(needle)),
    onRecord: (record) => {
      const fact = factOf(record)
      if (fact === null || !wanted.has(nameText(fact))) return
      if (isFinal(fact)) facts.set(nameText(fact), 'ended')
      else if (!facts.has(nameText(fact))) facts.set(nameText(fact), 'begun')
    },
  })
  stopIfAsked(signal)
  return facts
}

function factOf(record: LogRecord<'notification' | 'optInRequestEvent'>): NotificationEvent | null {
  if (record.topic === 'notification') {
    return record.decoded.kind === 'known' ? record.decoded.value : null
  }
  return record.decoded.kind === 'known' ? inNotificationWords(record.decoded.value) : null
}

function isFinal({ type }: NotificationEvent): boolean {
  return ['NotificationSent', 'NotificationFailed', 'NotificationCancelled'].includes(type)
}

/**
 * Where each entry was sent again to, though nobody marked it: the run that did so was cut off.
 * @param sinceMs when the first of the entries was parked, by the broker's clock
 */
export async function copiesOf(
  eventIds: ReadonlySet<string>,
  {
    log,
    signal,
    topics,
    sinceMs,
  }: Reading & { readonly topics: readonly TopicAlias[]; readonly sinceMs: number },
): Promise<ReadonlyMap<string, string>> {
  const copies = new Map<string, string>()
  if (topics.length === 0) return copies
  const starts = await Promise.all(
    topics.map(async (topic) => [topic, await log.bus.positions.offsetsAt(topic, sinceMs)]),
  )
  const from: NextOffsets = Object.fromEntries(starts)
  await readLog(log, {
    topics,
    from,
    until: 'end',
    signal,
    onRecord: ({ topic, partition, offset, headers }) => {
      const entry = headers[REDRIVEN_FROM]
      if (entry === undefined || !eventIds.has(entry)) return
      copies.set(entry, placeText({ topic, partition, offset }))
    },
  })
  stopIfAsked(signal)
  return copies
}

/** Notify commands that can be read and stand elsewhere than where one of them was parked. */
export async function othersOf(
  names: readonly CommandName[],
  { log, signal, parkedAt }: Reading & { readonly parkedAt: ReadonlySet<string> },
): Promise<ReadonlySet<string>> {
  const others = new Set<string>()
  if (names.length === 0) return others
  const wanted = new Set(names.map(nameText))
  await readLog(log, {
    topics: ['notify'],
    until: 'end',
    signal,
    onRecord: ({ topic, partition, offset, decoded }) => {
      if (decoded.kind !== 'known' || !wanted.has(nameText(decoded.value))) return
      if (!parkedAt.has(placeText({ topic, partition, offset }))) {
        others.add(nameText(decoded.value))
      }
    },
  })
  stopIfAsked(signal)
  return others
}

interface Place {
  readonly topic: TopicAlias
  readonly partition: number
  readonly offset: bigint | string
}

export function placeText({ topic, partition, offset }: Place): string {
  return `${topic}/${partition}@${offset}`
}
