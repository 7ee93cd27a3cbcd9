import { kafkaTopics } from '@otn/contracts'
import { masked } from '../log/masked.ts'
import { showInstant } from '../output/instant.ts'
import { printable } from '../output/printable.ts'
import type { StoryFact } from './story.ts'

/** What a line tells of a fact, in this order; the rest is in `--json`. */
const TOLD = [
  'commandId',
  'cancels',
  'topic',
  'topicRule',
  'context',
  'attempt',
  'route',
  'commandRoute',
  'reason',
  'certainty',
  'settledBy',
  'messageId',
  'tokenId',
  'tokenReleased',
  'graphCode',
  'graphSubcode',
  'fbtraceId',
  'notBefore',
  'giveUpAt',
  'dueAt',
  'withdrawnAt',
  'expiresAt',
  'daysLeft',
  'requestedBy',
  'rule',
  'detail',
  'resolvedBy',
  'redrivenAs',
  'dropReason',
]

/** A fact as `explain --json` gives it. */
export interface FactView {
  /** When the broker took it, ISO 8601. */
  readonly timestamp: string
  readonly kafkaTopic: string
  readonly partition: number
  readonly offset: string
  readonly type: string
  readonly times: number
  readonly record: Readonly<Record<string, unknown>>
}

export function factView({
  topic,
  partition,
  offset,
  timestampMs,
  decoded,
  times,
}: StoryFact): FactView {
  const { name: kafkaTopic, record: recordName } = kafkaTopics[topic]
  const record = masked(recordName, decoded.value)
  const type = typeof record.type === 'string' ? record.type : recordName
  const timestamp = new Date(timestampMs).toISOString()
  return { timestamp, kafkaTopic, partition, offset: String(offset), type, times, record }
}

/** The same in one line; the id that was asked about is not repeated on every line. */
export function factLine(view: FactView, askedFor: string): string {
  const fields = TOLD.flatMap((name) => {
    const value = view.record[name]
    return value === null || value === undefined || value === askedFor
      ? []
      : [`${name}=${shown(name, value)}`]
  })
  const repeats = view.times > 1 ? [`(written ${view.times} times)`] : []
  const time = showInstant(Date.parse(view.timestamp))
  return [time, printable(view.type).padEnd(22), ...fields, ...repeats].join('  ').trimEnd()
}

function shown(name: string, value: unknown): string {
  if (typeof value === 'number' && /(At|Before)$/.test(name)) return showInstant(value)
  return printable(String(value))
}
