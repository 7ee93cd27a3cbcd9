import type {
  EngagementEvent,
  ItemQuarantined,
  OptInReceived,
  PageEvent,
  ReasonCode,
  ReceiptEvent,
} from '@otn/contracts'

/** A record before its personal part is sealed. */
type Unsealed<Record> = Record extends unknown ? Omit<Record, 'keyId' | 'sealed'> : never

/** What is sealed with a record; never logged, never a key, never a header. */
export type SealedContent = Readonly<Record<string, unknown>>

interface FactOn<KafkaTopicAlias extends string, Value> {
  readonly topic: KafkaTopicAlias
  /** Key on Kafka and owner of the seal: the person, or the page where no person is known. */
  readonly key: string
  readonly value: Unsealed<Value>
  /** Null where the record carries nothing personal. */
  readonly content: SealedContent | null
}

export type OptInFact = FactOn<'optIn', OptInReceived>
export type EngagementFact = FactOn<'engagement', EngagementEvent>
export type ReceiptFact = FactOn<'receipt', ReceiptEvent>
export type PageFact = FactOn<'page', PageEvent>
export type QuarantineFact = FactOn<'quarantine', ItemQuarantined>
/** What one webhook leaves on the log. */
export type Fact = OptInFact | EngagementFact | ReceiptFact | PageFact | QuarantineFact

/** Why an item of a verified body goes to quarantine. */
export type QuarantineReason = Extract<
  ReasonCode,
  | 'body-not-json'
  | 'body-too-deep'
  | 'body-malformed'
  | 'entry-malformed'
  | 'item-malformed'
  | 'optin-kind-unknown'
  | 'page-mismatch'
  | 'record-too-large'
>
