/** Kafka, MongoDB and the schema registry for development and tests: given, in Docker or native. */
export { createTopics } from './create-topics.ts'
export type {
  ChosenPort,
  EngineName,
  EngineProcess,
  How,
  KafkaBroker,
  KafkaEngine,
  Log,
  MongodbEngine,
  MongodbMember,
  RegistryEngine,
  StartedEngine,
} from './engine.ts'
export type { HostOptions } from './engine-host.ts'
export { CHROMIUM_FLAGS, findChromium } from './find-chromium.ts'
export { isFrozen } from './is-frozen.ts'
export { type Keeper, type Launched, startKeeper } from './keeper-client.ts'
export type { Launch } from './keeper-messages.ts'
export { primaryOf } from './mongodb-member.ts'
export { freePort, requireFree } from './ports.ts'
export type { KafkaSecurity, MongodbSecurity } from './security.ts'
export type { DiskWay, DiskWish, SmallDisk } from './small-disk.ts'
export { type Engines, type EnginesOptions, startEngines } from './start-engines.ts'
export { type KafkaOptions, startKafka } from './start-kafka.ts'
export { type MongodbOptions, startMongodb } from './start-mongodb.ts'
export { type RegistryAloneOptions, type RegistryOptions, startRegistry } from './start-registry.ts'
export { GiveUp, type WaitOptions, waitFor } from './wait-for.ts'
