/**
 * What a started engine is to its users, however it was started. Tests break engines through
 * {@link EngineProcess}; everything else needs only the addresses.
 */

import type { SmallDisk } from './small-disk.ts'

export type EngineName = 'kafka' | 'mongodb' | 'registry'

/** `given`: an address came from outside, and nothing was started. */
export type How = 'given' | 'docker' | 'native'

/** Receives one line per step that takes time. */
export type Log = (line: string) => void

/** One server process (or container) that a test may break and mend. */
export interface EngineProcess {
  /** `kafka-1`, `mongodb`, `mongodb-2`, `registry`; also the name of its log file. */
  readonly name: string
  /** Null while it is not running, and always in Docker. */
  pid(): number | null
  /** Ends it without a chance to clean up (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>
  /** Ends it cleanly (SIGTERM, after 20 s SIGKILL); resolves when it is gone. */
  stop(): Promise<void>
  /** Starts it again on the same port and data; resolves when it serves. */
  start(): Promise<void>
  /** Freezes it (SIGSTOP): connections stay open, nobody answers. */
  pause(): Promise<void>
  /** Ends a pause. */
  resume(): Promise<void>
  /** Null unless one was asked for. */
  readonly disk: SmallDisk | null
}

/** One broker of the cluster. */
export interface KafkaBroker extends EngineProcess {
  readonly nodeId: number
  /** host:port that clients are told to use. */
  readonly address: string
  /**
   * host:port of the second listener, which tells its clients to come by the proxy port that was
   * asked for; null without one. Point the proxy here.
   */
  readonly behindProxy: string | null
  /** host:port of the listener for users by TLS; null unless one was asked for. */
  readonly secured: string | null
}

/** One server of the replica set. */
export interface MongodbMember extends EngineProcess {
  /** host:port under which the set and its clients know it; a proxy's where one was asked for. */
  readonly address: string
  /** host:port of the server itself. Point the proxy here. */
  readonly behindProxy: string
  /**
   * Runs a command of the database `admin` on this server, by no proxy and whoever is primary:
   * `replSetFreeze`, `replSetStepUp`, `configureFailPoint`, …
   * @throws the driver's errors; a server that is silent is given up after 2 s
   */
  command(command: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
  /**
   * What it takes itself for: `PRIMARY`, `SECONDARY`, `ROLLBACK`, …, and `STEPPING_UP` where it was
   * elected and takes no writes yet; null = it does not answer.
   */
  state(): Promise<string | null>
  /** Gives the office up and does not stand again for so long. @throws where it is no primary */
  stepDown(seconds: number): Promise<void>
}

export interface StartedEngine extends AsyncDisposable {
  readonly how: How
  /** From the call to the first answer, downloads included. */
  readonly startupSeconds: number
  /** Ends it and removes its temporary data. Idempotent; leaves a given engine alone. */
  stop(): Promise<void>
}

export interface KafkaEngine extends StartedEngine {
  /** host:port of every broker. */
  readonly kafkaBrokers: readonly string[]
  /** Empty for a given Kafka. */
  readonly brokers: readonly KafkaBroker[]
}

export interface MongodbEngine extends StartedEngine {
  /** Straight to the primary of a replica set of one; for three all members and the set's name. */
  readonly mongodbUri: string
  /** Empty for a given MongoDB. */
  readonly members: readonly MongodbMember[]
}

export interface RegistryEngine extends StartedEngine {
  /** Base of the Confluent-compatible API, path included, without a slash at the end. */
  readonly schemaRegistryUrl: string
  /** Null for a given registry. */
  readonly process: EngineProcess | null
}

/** A port wished for, and the setting that wished it, for the error when it is taken. */
export interface ChosenPort {
  readonly setting: string
  readonly port: number
}
