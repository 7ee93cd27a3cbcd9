/** A codec without a registry behind it, and a vault to open what was sealed. */
import { createCodec, findSchemaIds, type Records } from '@otn/contracts'
import { createVault, parseMasterKeys, type Sealed } from '@otn/vault'

const texts: string[] = []
const found = await findSchemaIds({
  registry: {
    register: async () => 0,
    lookup: async (_subject, schema) => texts.push(schema),
    schemaById: async (id) => texts[id - 1] ?? null,
    requireFullTransitive: async () => {},
  },
})
if ('faults' in found) throw new Error(found.faults.join('; '))

export const codec = createCodec(found.ids)

export const MASTER_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`

const parsed = parseMasterKeys(MASTER_KEY)
if ('fault' in parsed) throw new Error(parsed.fault)

export const vault = createVault(parsed.keys)

/** The value of a framed record. @throws where it is not one of this record */
export function decoded<Name extends keyof Records>(
  record: Name,
  bytes: Buffer | null | undefined,
  by = codec,
): Records[Name] {
  const result = by.decode(record, bytes ?? null)
  if (result.kind === 'known') return result.value
  throw new Error(`${record}: ${result.kind}`)
}

/** What a record keeps sealed. */
export function opened(
  record: string,
  value: { readonly eventId: string; readonly keyId?: unknown; readonly sealed?: unknown },
  owner: string,
): Readonly<Record<string, unknown>> {
  return vault.open(value as unknown as Sealed, { record, eventId: value.eventId, owner })
}
