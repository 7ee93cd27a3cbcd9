/** What a parked message is, and whether it would be understood if it came again now. */
import { allKafkaTopics, type Codec, kafkaTopics, reasons, type TopicAlias } from '@otn/contracts'
import type { CommandId, PageId } from '@otn/kernel'
import type { Hindrance } from '../kept/hindrance.ts'
import type { KeptEntry } from '../kept/kept-entry.ts'
import type { Content } from '../kept/read-kept.ts'

/** Parked because it could not be read: another build, or a registry that knows more, may. */
const UNREAD = new Set(['malformed', 'unknown-field', 'unknown-schema'])

/** As it came, byte for byte. */
export interface Original {
  readonly topic: TopicAlias
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export interface CommandName {
  readonly pageId: PageId
  readonly commandId: CommandId
}

/** `names` = the command that it is, where the dispatcher keeps books of its kind. */
export type Judged =
  | { readonly original: Original; readonly names: CommandName | null }
  | { readonly hindrance: Hindrance }

export interface Judging {
  readonly codec: Codec
  /** What stands before Kafka topics in this deployment. */
  readonly prefix: string
}

/** @throws OTN_REGISTRY_UNREACHABLE while nobody can say whether a schema is known now */
export async function judge(
  entry: KeptEntry,
  content: Content,
  { codec, prefix }: Judging,
): Promise<Judged> {
  const topic = topicOf(entry, prefix)
  if (topic === null) return no('kafka-topic-unknown', 'its Kafka topic is none of this deployment')
  if (content === null) {
    return no('seal-broken', 'its seal does not open with the keys in OTN_MASTER_KEY')
  }
  const original = originalOf(content, { topic, entry })
  if (original === null) return no('malformed', 'it has no value: nothing could be sent')
  if (!UNREAD.has(entry.reason)) {
    const known = reasons[entry.reason as keyof typeof reasons]
    const text = `${known?.meaning ?? 'it is at fault itself'}: the same bytes end here again`
    return no(entry.reason, text)
  }
  const hindrance = await unreadable(original, codec)
  if (hindrance !== null) return { hindrance }
  return { original, names: namesOf(original, codec) }
}

/** The Kafka topic that it was read from, if it is one of ours. */
export function topicOf({ from }: Pick<KeptEntry, 'from'>, prefix: string): TopicAlias | null {
  const found = allKafkaTopics.find(({ name }) => `${prefix}${name}` === from?.kafkaTopic)
  return found?.alias ?? null
}

async function unreadable({ topic, value }: Original, codec: Codec): Promise<Hindrance | null> {
  const { record, kind } = kafkaTopics[topic]
  let read = codec.decode(record, value)
  if (read.kind === 'unknown-schema' && (await codec.learn(read.schemaId))) {
    read = codec.decode(record, value)
  }
  switch (read.kind) {
    case 'known':
      return null
    case 'unknown-schema':
      return { code: 'unknown-schema', text: `the registry knows no schema ${read.schemaId}` }
    case 'unknown-type':
      if (kind !== 'command') return null
      return { code: 'malformed', text: `it is no ${record} that this build knows` }
    case 'unreadable': {
      if (read.reason === 'malformed') return { code: 'malformed', text: read.detail }
      const text = 'it carries a field that this build does not know either: update, then redrive'
      return { code: 'unknown-field', text }
    }
  }
}

function namesOf({ topic, value }: Original, codec: Codec): CommandName | null {
  if (topic !== 'notify' && topic !== 'optInRequest') return null
  const read = codec.decode(kafkaTopics[topic].record, value)
  if (read.kind !== 'known') return null
  const { pageId, commandId } = read.value
  return { pageId, commandId }
}

/** Null where it has no value. A key that is no text is replaced: no promise rests on a key. */
function originalOf(
  content: NonNullable<Content>,
  { topic, entry }: { readonly topic: TopicAlias; readonly entry: KeptEntry },
): Original | null {
  const value = bytesOf(content.value)
  if (value === null) return null
  const bytes = bytesOf(content.key)
  const text = bytes?.toString('utf8') ?? ''
  const isText = bytes !== null && Buffer.from(text, 'utf8').equals(bytes)
  const key = isText ? text : entry.eventId
  return { topic, key, value, headers: headersOf(content.headers) }
}

function bytesOf(base64: unknown): Buffer | null {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : null
}

function headersOf(headers: unknown): Readonly<Record<string, string>> {
  if (typeof headers !== 'object' || headers === null) return {}
  const texts = Object.entries(headers).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts)
}

function no(code: string, text: string): Judged {
  return { hindrance: { code, text } }
}
