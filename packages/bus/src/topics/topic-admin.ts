import type { TopicAlias } from '@otn/contracts'

export interface TopicSettings {
  readonly replicationFactor: number
  readonly minInsyncReplicas: number
  /** Must be true for a replication factor below 3, which survives no second fault. */
  readonly allowFewReplicas?: boolean
  /** Default: every Kafka topic of the table. */
  readonly topics?: readonly TopicAlias[]
}

export interface ApplyTopics extends TopicSettings {
  /** Also sets what may be set on existing Kafka topics (never partitions, never replicas). */
  readonly alterSettings?: boolean
}

export interface ApplyReport {
  /** Names of Kafka topics that were created. */
  readonly created: readonly string[]
  /** Names of Kafka topics whose settings were set. */
  readonly altered: readonly string[]
  /** What still differs, one sentence each. */
  readonly faults: readonly string[]
}

export interface TopicAdmin {
  /**
   * Creates what is missing, waits until every partition has a leader. Repeating it adds nothing.
   * @throws OTN_CONFIG_INVALID, OTN_BUS_UNREACHABLE, OTN_BUS_TOPICS_WRONG
   */
  apply(wanted: ApplyTopics): Promise<ApplyReport>
  /**
   * Every fault at once, one sentence each: Kafka topic, found, wanted, next step. Empty = good.
   * @throws OTN_BUS_UNREACHABLE
   */
  check(wanted: TopicSettings): Promise<readonly string[]>
}
