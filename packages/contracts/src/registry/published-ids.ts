import { appError } from '@otn/kernel'
import { fingerprint } from '../codec/fingerprint.ts'
import type { SchemaIds } from '../codec/schema-ids.ts'
import type { RecordName } from '../generated/records.ts'
import { history, schemas } from '../generated/schemas.ts'
import { allKafkaTopics, subjectOf } from '../topics.ts'
import type { RegistryClient } from './registry-client.ts'

/** Fingerprint of a schema → its id in the registry: the content of `SCHEMA_IDS_FILE`. */
export type IdsByFingerprint = Readonly<Record<string, number>>

export interface SchemaIdSources {
  /** Content of `SCHEMA_IDS_FILE`, read first. */
  readonly file?: IdsByFingerprint
  /** Asked for what the file does not name. */
  readonly registry?: RegistryClient
  readonly topicPrefix?: string
}

/**
 * Finds the id of every current schema.
 * @returns the ids, or every fault at once: a schema nobody published, an id that stands for
 *   another schema in file or registry.
 * @throws OTN_REGISTRY_UNREACHABLE where the file does not suffice and the registry is away
 */
export async function findSchemaIds(
  sources: SchemaIdSources,
): Promise<{ readonly ids: SchemaIds } | { readonly faults: readonly string[] }> {
  const file = sources.file ?? {}
  const faults = [...sharedIds(file)]
  const found = new Map<RecordName, number>()
  for (const { record, ...topic } of allKafkaTopics) {
    const subject = subjectOf({ record, ...topic }, sources.topicPrefix)
    const id = file[fingerprint(schemas[record])] ?? (await askRegistry(sources, subject, record))
    if (id === null) faults.push(`${subject}: not published; run: pnpm otn schemas publish`)
    else found.set(record, id)
  }
  faults.push(...(await foreignIds(found, sources.registry)))
  if (faults.length > 0) return { faults }
  return { ids: schemaIds(found, { file, registry: sources.registry }) }
}

/**
 * Registers every current schema and gives fingerprint → id, to be added to the ids file. A text
 * that differs in its words alone is another schema to a registry and the same one to readers and
 * writers: the id that the file has for it stays.
 * @param file what the ids file says so far
 */
export async function publishSchemas(
  registry: RegistryClient,
  topicPrefix = '',
  file: IdsByFingerprint = {},
): Promise<IdsByFingerprint> {
  const rows = allKafkaTopics.map(async (topic) => {
    const subject = subjectOf(topic, topicPrefix)
    const schema = schemas[topic.record]
    const id = await registry.register(subject, JSON.stringify(schema))
    await registry.requireFullTransitive(subject)
    const print = fingerprint(schema)
    const known = file[print]
    const isKept = known !== undefined && known !== id && (await isOf(registry, known, print))
    return [print, isKept ? known : id] as const
  })
  return Object.fromEntries(await Promise.all(rows))
}

async function isOf(registry: RegistryClient, id: number, print: string): Promise<boolean> {
  const text = await registry.schemaById(id)
  return text !== null && fingerprint(JSON.parse(text)) === print
}

async function askRegistry(
  { registry }: SchemaIdSources,
  subject: string,
  record: RecordName,
): Promise<number | null> {
  return registry ? registry.lookup(subject, JSON.stringify(schemas[record])) : null
}

function* sharedIds(file: IdsByFingerprint): Iterable<string> {
  const owners = new Map<number, string>()
  for (const [print, id] of Object.entries(file)) {
    const other = owners.get(id)
    if (other) yield `SCHEMA_IDS_FILE: id ${id} stands for two schemas: ${other}, ${print}`
    owners.set(id, print)
  }
}

/** An id of the file that the registry gives to another schema: the file is of another registry. */
async function foreignIds(
  found: ReadonlyMap<RecordName, number>,
  registry: RegistryClient | undefined,
): Promise<readonly string[]> {
  if (!registry) return []
  const checks = [...found].map(async ([record, id]) => {
    const text = await registry.schemaById(id).catch(() => undefined)
    if (text === undefined) return []
    const same = text !== null && fingerprint(JSON.parse(text)) === fingerprint(schemas[record])
    return same ? [] : [`schema id ${id}: the registry gives it to another schema than ${record}`]
  })
  return (await Promise.all(checks)).flat()
}

function schemaIds(
  found: ReadonlyMap<RecordName, number>,
  { file, registry }: { file: IdsByFingerprint; registry: RegistryClient | undefined },
): SchemaIds {
  const byId = new Map<number, unknown>()
  for (const schema of history) {
    const id = file[fingerprint(schema)]
    if (id !== undefined) byId.set(id, schema)
  }
  for (const [record, id] of found) byId.set(id, schemas[record])
  return {
    idOf: (record) => {
      const id = found.get(record)
      if (id !== undefined) return id
      throw appError('OTN_CODEC_UNKNOWN_SCHEMA', {
        message: `no schema id for ${record}`,
      })
    },
    schemaOf: (schemaId) => byId.get(schemaId) ?? null,
    learn: async (schemaId) => {
      const text = registry ? await registry.schemaById(schemaId) : null
      if (text === null) return false
      byId.set(schemaId, JSON.parse(text))
      return true
    },
  }
}
