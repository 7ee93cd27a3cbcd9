/**
 * The one table of what each service may do at Kafka and MongoDB, and nothing beyond it. From it
 * come docs/engine-security.md and the grants of the test that starts every service with them.
 */
import { kafkaTopics, type TopicAlias } from './topics.ts'

export type KafkaOperation = 'Read' | 'Write' | 'Describe' | 'DescribeConfigs'

/** One rule that allows, in the words of `kafka-acls.sh`. */
export interface KafkaAcl {
  readonly resource: 'topic' | 'group'
  readonly name: string
  /** `prefixed`: whatever begins with the name. */
  readonly pattern: 'literal' | 'prefixed'
  readonly operation: KafkaOperation
}

/** A role in MongoDB's database `admin`: the actions that it allows in every collection of one. */
export interface MongodbRole {
  readonly role: string
  readonly database: string
  readonly actions: readonly string[]
}

interface Access {
  /** User at Kafka and at MongoDB in our examples, and name of the role. */
  readonly user: string
  readonly reads: readonly TopicAlias[]
  readonly writes: readonly TopicAlias[]
  /** Consumer groups that it commits in. */
  readonly groups: readonly string[]
  /** What its other groups begin with: a new one for each reading, nothing is committed there. */
  readonly follows: string | null
  readonly mongodb: { readonly database: string; readonly actions: readonly string[] } | null
}

const DOCUMENTS = ['find', 'insert', 'update'] as const
/** For the rebuild, which makes collections and indexes anew. */
const COLLECTIONS = ['remove', 'dropCollection', 'createIndex'] as const

export const engineAccess = {
  ingress: {
    user: 'otn-ingress',
    reads: ['page'],
    writes: ['optIn', 'engagement', 'receipt', 'page', 'alarm', 'quarantine'],
    groups: [],
    follows: 'otn-ingress.follow.',
    mongodb: null,
  },
  'token-ledger': {
    user: 'otn-token-ledger',
    reads: [
      ...(['page', 'engagement', 'optIn', 'notification', 'optInRequestEvent'] as const),
      ...(['token', 'consent'] as const),
    ],
    writes: ['token', 'parked'],
    groups: ['token-ledger', 'token-ledger-consent'],
    follows: 'otn-token-ledger.follow.',
    mongodb: {
      database: 'ledger',
      actions: [...DOCUMENTS, ...COLLECTIONS, 'createCollection', 'listCollections'],
    },
  },
  dispatcher: {
    user: 'otn-dispatcher',
    reads: [
      ...(['notify', 'optInRequest', 'cancel', 'campaign', 'page', 'receipt', 'token'] as const),
      ...(['notification', 'optInRequestEvent', 'campaignEvent'] as const),
    ],
    // Commands too: what comes in by HTTP goes to the log first.
    writes: [
      ...(['notification', 'optInRequestEvent', 'campaignEvent', 'alarm', 'parked'] as const),
      ...(['notify', 'campaign'] as const),
    ],
    groups: ['dispatcher', 'dispatcher-facts'],
    follows: 'otn-dispatcher.follow.',
    mongodb: {
      database: 'dispatcher',
      actions: [...DOCUMENTS, ...COLLECTIONS],
    },
  },
  'page-registry': {
    user: 'otn-page-registry',
    reads: ['page'],
    writes: ['page', 'alarm'],
    groups: ['page-registry'],
    follows: null,
    mongodb: { database: 'pages', actions: DOCUMENTS },
  },
} as const satisfies Record<string, Access>

export type SecuredService = keyof typeof engineAccess

/**
 * What a service must be allowed at Kafka. Each looks at all our Kafka topics at its start, and
 * says what is missing or set otherwise.
 */
export function kafkaAclsOf(service: SecuredService, topicPrefix = ''): readonly KafkaAcl[] {
  const { reads, writes, groups, follows }: Access = engineAccess[service]
  const onTopics = (operation: KafkaOperation, topics: readonly TopicAlias[]): KafkaAcl[] =>
    topics.map((topic) => {
      const name = `${topicPrefix}${kafkaTopics[topic].name}`
      return { resource: 'topic', name, pattern: 'literal', operation }
    })
  const onGroup = (group: string, pattern: KafkaAcl['pattern']): KafkaAcl => {
    return { resource: 'group', name: `${topicPrefix}${group}`, pattern, operation: 'Read' }
  }
  const ours = { resource: 'topic', name: `${topicPrefix}otn.`, pattern: 'prefixed' } as const
  return [
    { ...ours, operation: 'Describe' },
    { ...ours, operation: 'DescribeConfigs' },
    ...onTopics('Read', reads),
    ...onTopics('Write', writes),
    ...groups.map((group) => onGroup(group, 'literal')),
    ...(follows === null ? [] : [onGroup(follows, 'prefixed')]),
  ]
}

/** What a service must be allowed at MongoDB; null where it needs none. */
export function mongodbRoleOf(service: SecuredService, databasePrefix = 'otn'): MongodbRole | null {
  const { user, mongodb }: Access = engineAccess[service]
  if (mongodb === null) return null
  return {
    role: user,
    database: `${databasePrefix}_${mongodb.database}`,
    actions: mongodb.actions,
  }
}
