/** What a line of a file of tokens leaves on the log, before it is sealed. Pure. */
import type { ItemQuarantined, OptInReceived } from '@otn/contracts'
import { canonicalJson, type Identity, type PageId } from '@otn/kernel'
import { oneTimeConsent, quarantineId, type TopicNaming, unreadableFields } from '@otn/policy'
import type { FileLine } from './read-lines.ts'
import { readRow, type UnreadableRow } from './read-row.ts'

type Unsealed<Value> = Omit<Value, 'keyId' | 'sealed'>

interface Fact<Alias extends string, Value> {
  readonly topic: Alias
  /** Key on Kafka and owner of the seal. */
  readonly key: string
  readonly value: Unsealed<Value>
  /** What is sealed with it; never logged, never a key, never a header. */
  readonly content: Readonly<Record<string, unknown>>
}

/** Consent, or a line that could not be read; the latter also says where and why. */
export type ImportFact =
  | Fact<'optIn', OptInReceived>
  | (Fact<'quarantine', ItemQuarantined> & {
      readonly line: number
      readonly fields: readonly string[]
    })

export interface Around {
  readonly identity: Identity
  readonly nameTopic: (page: PageId, payload: string) => TopicNaming
  readonly nowMs: number
  /** SHA-256 of the file, 64 hex digits. */
  readonly fileSha256: string
}

/** Correlation ids are as long as event ids. */
const CORRELATION_DIGITS = 32

/** Total: each line gives one fact, and the same line gives one of the same id for ever. */
export function importFact(line: FileLine, around: Around): ImportFact {
  const { nowMs } = around
  const correlationId = correlationOf(around)
  const row = readRow(line.json, nowMs)
  if (row.kind === 'unreadable') return quarantined(line, row, around)
  const consent = { ...row, origin: 'import' as const }
  return { topic: 'optIn', ...oneTimeConsent(consent, { ...around, correlationId }) }
}

function quarantined(
  { line, json, unparsed }: FileLine,
  row: UnreadableRow,
  around: Around,
): ImportFact {
  const { identity, nowMs, fileSha256 } = around
  const { page, fields } = row
  const reason = unparsed === null ? row.reason : 'body-not-json'
  const identifiedBy = unparsed ?? canonicalJson(json)
  return {
    topic: 'quarantine',
    key: page,
    value: {
      eventId: quarantineId({ page, reason, identifiedBy }, identity),
      type: 'ItemQuarantined',
      pageId: page,
      at: nowMs,
      reason,
      detail: `line ${line} of an imported file; ${unreadableFields(fields)}`,
      bodySha256: fileSha256,
      correlationId: correlationOf(around),
    },
    content: unparsed === null ? { item: json } : bodyOf(unparsed),
    line,
    fields,
  }
}

function bodyOf(text: string): ImportFact['content'] {
  return { body: Buffer.from(text, 'utf8').toString('base64'), encoding: 'base64' }
}

function correlationOf({ fileSha256 }: Pick<Around, 'fileSha256'>): string {
  return fileSha256.slice(0, CORRELATION_DIGITS)
}
