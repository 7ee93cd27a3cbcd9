import { type Codec, createCodec } from '../codec/codec.ts'
import { findSchemaIds, publishSchemas } from './published-ids.ts'
import type { RegistryClient } from './registry-client.ts'

/** A registry in memory that behaves as the real one is shown to by the integration test. */
export function registryInMemory(): RegistryClient {
  const texts: string[] = []
  return {
    register: async (_subject, schema) => {
      if (!texts.includes(schema)) texts.push(schema)
      return texts.indexOf(schema) + 1
    },
    lookup: async (_subject, schema) => (texts.includes(schema) ? texts.indexOf(schema) + 1 : null),
    schemaById: async (schemaId) => texts[schemaId - 1] ?? null,
    requireFullTransitive: async () => {},
  }
}

/** The real codec over such a registry, for unit tests of what reads or writes records. */
export async function codecInMemory(): Promise<Codec> {
  const registry = registryInMemory()
  await publishSchemas(registry)
  const found = await findSchemaIds({ registry })
  if ('faults' in found) throw new Error(found.faults.join('; '))
  return createCodec(found.ids)
}
