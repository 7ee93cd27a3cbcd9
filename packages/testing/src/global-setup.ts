/**
 * Starts Kafka, MongoDB and the schema registry once for a whole run of integration tests. Files
 * are kept apart by names (see test-scope.ts), not by engines of their own.
 */
import { type Engines, startEngines } from '@otn/engines'
import type { TestProject } from 'vitest/node'
import { type EngineAddresses, givenAddresses } from './engine-addresses.ts'

declare module 'vitest' {
  interface ProvidedContext {
    engines: EngineAddresses
  }
}

/** Called by vitest; the returned function tears down. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { kafkaBrokers, mongodbUri, schemaRegistryUrl } = givenAddresses(process.env)
  const engines = await startEngines({
    kafka: { kafkaBrokers },
    mongodb: { mongodbUri },
    registry: { schemaRegistryUrl },
    log: print,
  })
  print(describeEngines(engines))
  project.provide('engines', {
    kafkaBrokers: [...engines.kafkaBrokers],
    mongodbUri: engines.mongodbUri,
    schemaRegistryUrl: engines.schemaRegistryUrl,
  })
  return () => engines.stop()
}

/** `engines: kafka native 4.0 s, mongodb given, registry docker 9.1 s` */
export function describeEngines({
  how,
  startupSeconds,
}: Pick<Engines, 'how' | 'startupSeconds'>): string {
  const parts = (['kafka', 'mongodb', 'registry'] as const).map((name) =>
    how[name] === 'given'
      ? `${name} given`
      : `${name} ${how[name]} ${startupSeconds[name].toFixed(1)} s`,
  )
  return `engines: ${parts.join(', ')}`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
