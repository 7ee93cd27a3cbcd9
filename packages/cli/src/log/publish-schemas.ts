import { type LogSettings, registryOf } from '@otn/bus'
import {
  findSchemaIds,
  type IdsByFingerprint,
  publishSchemas,
  type RegistryClient,
} from '@otn/contracts'
import { appError } from '@otn/kernel'
import { addSchemaIds, readSchemaIds } from './schema-ids-file.ts'

/** A registry that stores in Kafka is slow in its first minute, and no webhook waits here. */
const CALL_LIMIT_MS = 30_000

type SchemaSettings = Pick<LogSettings, 'schemaIdsFile' | 'topicPrefix'> &
  Parameters<typeof registryOf>[0]

export interface SchemasReport {
  /** Fingerprint → id of every current schema. */
  readonly ids: IdsByFingerprint
  /** Where ids were written, and how many were new there; null without `SCHEMA_IDS_FILE`. */
  readonly file: { readonly path: string; readonly added: number } | null
}

/**
 * Registers every current schema and adds the ids to `SCHEMA_IDS_FILE`, where that is set.
 * Repeating it adds nothing.
 * @throws OTN_REGISTRY_INCOMPATIBLE, OTN_REGISTRY_UNREACHABLE, OTN_CONFIG_INVALID
 */
export async function publishSchemasTo(settings: SchemaSettings): Promise<SchemasReport> {
  const { schemaIdsFile: path, topicPrefix } = settings
  // A file that cannot be used is found before anything is registered.
  const known = path === null ? {} : readSchemaIds(path)
  const ids = await publishSchemas(requireRegistry(settings), topicPrefix ?? '', known)
  return { ids, file: path === null ? null : { path, added: addSchemaIds(path, ids) } }
}

/** What is wrong with the schemas of a deployment, one sentence each; empty where all is well. */
export async function checkSchemas(settings: SchemaSettings): Promise<readonly string[]> {
  const { schemaIdsFile: path, topicPrefix } = settings
  const registry = requireRegistry(settings)
  const file = path === null ? {} : readSchemaIds(path)
  const found = await findSchemaIds({ file, registry, topicPrefix: topicPrefix ?? '' })
  return 'faults' in found ? found.faults : []
}

function requireRegistry(settings: SchemaSettings): RegistryClient {
  const registry = registryOf(settings, CALL_LIMIT_MS)
  if (registry !== undefined) return registry
  const message = 'SCHEMA_REGISTRY_URL: got nothing, wanted the URL of the schema registry'
  throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
}
