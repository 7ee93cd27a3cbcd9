import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders, kafkaTopics, type Records } from '@otn/contracts'
import type { Vault } from '@otn/vault'
import type { Fact } from '../domain/facts.ts'
import type { Journal } from '../ports.ts'

const SOURCE = '/otn/ingress'
/** Room that a record takes beside its value: key, headers, lengths, head of the batch. */
const AROUND_VALUE_BYTES = 2_048

/** Seals, encodes and appends; the only place where a raw token stands beside its record. */
export function createJournal({
  appender,
  codec,
  vault,
}: {
  readonly appender: Pick<Appender, 'append'>
  readonly codec: Codec
  readonly vault: Vault
}): Journal {
  return {
    seal: (fact) => {
      const { topic, key } = fact
      const { record, maxMessageBytes } = kafkaTopics[topic]
      const { eventId, type } = fact.value
      const context = { record, eventId, owner: key }
      const sealed = fact.content === null ? {} : vault.seal(fact.content, context)
      const value = codec.encode(record, { ...fact.value, ...sealed } as Records[typeof record])
      if (value.length + AROUND_VALUE_BYTES > maxMessageBytes) return null
      const headers = cloudEventHeaders({ id: eventId, source: SOURCE, type })
      return { topic, key, value, headers: { ...headers, ...quarantineHeaders(fact) } }
    },
    append: async (records, deadlineMs) => {
      await appender.append(records, { deadlineMs })
    },
  }
}

/** Lets people sort a quarantine by reason without a key. */
function quarantineHeaders(fact: Fact): Readonly<Record<string, string>> {
  if (fact.topic !== 'quarantine') return {}
  const { reason, bodySha256, entryIndex, itemIndex } = fact.value
  return {
    'x-quarantine-reason': reason,
    'x-quarantine-body-sha256': bodySha256,
    ...(entryIndex == null ? {} : { 'x-quarantine-entry': String(entryIndex) }),
    ...(itemIndex == null ? {} : { 'x-quarantine-item': String(itemIndex) }),
  }
}
