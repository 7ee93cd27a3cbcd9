import type { RecordName } from './generated/records.ts'

const DAY = 24 * 60 * 60 * 1000
const MIB = 1024 * 1024

/** What a Kafka topic is for decides how long it is kept and how its records are read. */
export type TopicKind = 'event' | 'receipt' | 'command' | 'quarantine' | 'parked' | 'alarm'

export interface KafkaTopic {
  /** Name without the deployment's prefix. */
  readonly name: string
  readonly record: RecordName
  readonly kind: TopicKind
  /** Never changed: a key must find its partition for ever. */
  readonly partitions: number
  /** Milliseconds; -1 keeps for ever. */
  readonly retentionMs: number
  readonly maxMessageBytes: number
}

function define<Name extends RecordName>(
  kind: TopicKind,
  name: string,
  record: Name,
  settings: Partial<Pick<KafkaTopic, 'maxMessageBytes'>> = {},
): KafkaTopic & { readonly record: Name } {
  const retentionMs = {
    event: -1,
    alarm: -1,
    receipt: 400,
    quarantine: 400,
    parked: 400,
    command: 30,
  }
  const days = retentionMs[kind]
  return {
    name,
    record,
    kind,
    partitions: ['quarantine', 'parked', 'alarm'].includes(kind) ? 3 : 12,
    retentionMs: days < 0 ? -1 : days * DAY,
    maxMessageBytes: MIB,
    ...settings,
  }
}

/** The one table of Kafka topics; `pnpm otn topics apply` makes a cluster agree with it. */
export const kafkaTopics = {
  optIn: define('event', 'otn.optin.events.v1', 'OptInReceived'),
  engagement: define('event', 'otn.engagement.events.v1', 'EngagementEvent'),
  receipt: define('receipt', 'otn.receipt.events.v1', 'ReceiptEvent'),
  page: define('event', 'otn.page.events.v1', 'PageEvent'),
  token: define('event', 'otn.token.events.v1', 'TokenEvent'),
  notify: define('command', 'otn.notify.commands.v1', 'Notify'),
  optInRequest: define('command', 'otn.optin-request.commands.v1', 'RequestOptIn'),
  cancel: define('command', 'otn.cancel.commands.v1', 'CancelNotification'),
  campaign: define('command', 'otn.campaign.commands.v1', 'CampaignCommand'),
  consent: define('command', 'otn.consent.commands.v1', 'WithdrawConsent'),
  notification: define('event', 'otn.notification.events.v1', 'NotificationEvent'),
  optInRequestEvent: define('event', 'otn.optin-request.events.v1', 'OptInRequestEvent'),
  campaignEvent: define('event', 'otn.campaign.events.v1', 'CampaignEvent'),
  alarm: define('alarm', 'otn.alarm.events.v1', 'AlarmEvent'),
  // A whole body that does not parse is kept: 4 MiB of it, sealed and framed.
  quarantine: define('quarantine', 'otn.quarantine.v1', 'QuarantinedItem', {
    maxMessageBytes: 6 * MIB,
  }),
  parked: define('parked', 'otn.parked.v1', 'ParkedMessage', {
    maxMessageBytes: 2 * MIB,
  }),
} as const satisfies Record<string, KafkaTopic>

export type TopicAlias = keyof typeof kafkaTopics
/** The record that a Kafka topic carries. */
export type RecordOf<Alias extends TopicAlias> = (typeof kafkaTopics)[Alias]['record']

/** All Kafka topics, in the order of the table. */
export const allKafkaTopics: readonly (KafkaTopic & {
  readonly alias: TopicAlias
})[] = Object.entries(kafkaTopics).map(([alias, topic]) => ({
  ...topic,
  alias: alias as TopicAlias,
}))

/** Settings of a Kafka topic, as the broker names them. */
export function topicConfig(topic: KafkaTopic): Readonly<Record<string, string>> {
  return {
    'cleanup.policy': 'delete',
    // A stranger's clock must not decide retention, so the broker stamps each record.
    'message.timestamp.type': 'LogAppendTime',
    'retention.ms': String(topic.retentionMs),
    'retention.bytes': '-1',
    'max.message.bytes': String(topic.maxMessageBytes),
  }
}

/** Subject of a Kafka topic's values in the schema registry (TopicNameStrategy). */
export function subjectOf(topic: KafkaTopic, prefix = ''): string {
  return `${prefix}${topic.name}-value`
}
