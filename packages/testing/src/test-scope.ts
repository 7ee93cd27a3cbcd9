import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { EngineAddresses } from './engine-addresses.ts'

/** The shared engines, and names that no other test file uses. */
export interface TestScope extends EngineAddresses {
  /** For Kafka topics and consumer groups (`KAFKA_TOPIC_PREFIX`); ends with a dot. */
  readonly prefix: string
  /** For MongoDB databases (`MONGODB_DATABASE_PREFIX`). */
  readonly database: string
}

/**
 * A place of its own for a test file on the engines of the run. Call it once per file, or once per
 * test that must not see its neighbours.
 * @throws when the file runs outside the `integration` project, where no engine was started.
 */
export function testScope(): TestScope {
  const engines = inject('engines')
  const id = randomBytes(5).toString('hex')
  return { ...engines, prefix: `t${id}.`, database: `t${id}` }
}
