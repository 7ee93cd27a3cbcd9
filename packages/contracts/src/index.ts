export {
  type CloudEventHeaders,
  type CloudEventInput,
  cloudEventHeaders,
} from './cloud-event-headers.ts'
export { type Codec, createCodec, type Decoded } from './codec/codec.ts'
export { fingerprint } from './codec/fingerprint.ts'
export type { SchemaIds } from './codec/schema-ids.ts'
export { commandDigestText, UNHEARD_DIGEST } from './command-digest.ts'
export {
  engineAccess,
  type KafkaAcl,
  kafkaAclsOf,
  mongodbRoleOf,
  type SecuredService,
} from './engine-access.ts'
export type * from './generated/records.ts'
export { personalFields } from './personal-fields.ts'
export {
  isReasonCode,
  type Reason,
  type ReasonCode,
  reasons,
} from './reasons.ts'
export {
  findSchemaIds,
  type IdsByFingerprint,
  publishSchemas,
  type SchemaIdSources,
} from './registry/published-ids.ts'
export {
  createRegistryClient,
  type RegistryClient,
  type RegistryLogin,
} from './registry/registry-client.ts'
export { codecInMemory, registryInMemory } from './registry/registry-in-memory.ts'
export { inNotificationWords, requestTypeOf } from './request-event.ts'
export {
  allKafkaTopics,
  type KafkaTopic,
  kafkaTopics,
  type RecordOf,
  subjectOf,
  type TopicAlias,
  type TopicKind,
  topicConfig,
} from './topics.ts'
