/** What one start of engines in Docker shares. */
import type { ContainerRuntimeClient, StartedNetwork } from 'testcontainers'
import type { Log } from './engine.ts'

export interface Session {
  readonly docker: typeof import('testcontainers')
  readonly client: ContainerRuntimeClient
  readonly network: StartedNetwork
  /** Where published ports are reached. */
  readonly host: string
  readonly identity: Identity
  readonly log: Log
  readonly containers: Container[]
  /** Names of volumes that go with the containers. */
  readonly volumes: string[]
  /** Addresses of our brokers in the containers' network; empty without a broker of ours. */
  readonly insideBrokers: string[]
}

export type Container = ReturnType<ContainerRuntimeClient['container']['getById']>

/** Docker removes a container with its data; what is kept lies in volumes of these names. */
export interface Identity {
  readonly clusterId: string
  /** Null: nothing is kept. */
  readonly volumes: string | null
}
