export { appendOutcomes } from './append/append-call.ts'
export type {
  Appender,
  AppenderOptions,
  AppenderState,
  AppendOptions,
  RecordOutcome,
} from './append/appender.ts'
export type { RefusedPartition } from './append/refused-partition.ts'
export { type Bus, type BusOptions, createBus } from './bus.ts'
export { type BusLog, type BusLogFields, silentLog } from './bus-log.ts'
export type { Batch, BatchResult } from './consume/batch.ts'
export type { Following, FollowOptions } from './consume/follow.ts'
export type { Consumption, PartitionProgress, Subscription } from './consume/subscription.ts'
export type { BusSasl } from './kafka-client.ts'
export {
  busOptions,
  type LogSettings,
  minInsyncReplicas,
  type OpenedLog,
  openLog,
} from './open-log.ts'
export type { Positions } from './positions.ts'
export type { InRecord, NextOffsets, OutRecord, Position } from './record.ts'
export { registryOf } from './registry-of.ts'
export type {
  ApplyReport,
  ApplyTopics,
  TopicAdmin,
  TopicSettings,
} from './topics/topic-admin.ts'
