/** What the doctor reaches beside HTTP and the log; tests put their own in its place. */
import type { Bus, LogSettings } from '@otn/bus'
import type { createSetUpClient, SetUpClient } from '@otn/graph-api'
import type { Values } from '@otn/runtime/settings'
import type { mongodbSettings } from './settings.ts'

export type MongodbTarget = Values<typeof mongodbSettings>

/** What a MongoDB server says of itself and its set. */
export interface MongodbHello {
  /** Null where it stands alone, in no replica set. */
  readonly setName: string | null
  readonly isPrimary: boolean
  readonly members: number
  /** How far the newest write is ahead of what a majority holds, ms. */
  readonly majorityLagMs: number
  /** Its clock, ms since the epoch, and how long its answer took. */
  readonly localTimeMs: number
  readonly tookMs: number
}

export interface EnginePorts {
  readonly nodeVersion: string
  openBus(settings: LogSettings): Bus
  /** How the Kafka topics differ from the table, one sentence each. */
  planTopics(settings: LogSettings): Promise<readonly string[]>
  /** @throws OTN_REGISTRY_UNREACHABLE */
  askRegistry(settings: LogSettings): Promise<void>
  checkSchemas(settings: LogSettings): Promise<readonly string[]>
  /** @throws OTN_STORE_UNREACHABLE, OTN_CONFIG_INVALID */
  askMongodb(target: MongodbTarget): Promise<MongodbHello>
  setUpClient(host: Parameters<typeof createSetUpClient>[0]): SetUpClient
}
