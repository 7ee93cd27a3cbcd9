import { appError, type CommandId, type PageId } from '@otn/kernel'
import type { RecordName, Records } from '../generated/records.ts'
import { schemas } from '../generated/schemas.ts'
import { parse, type Type } from './avro.ts'
import { frame, unframe } from './framing.ts'
import type { SchemaIds } from './schema-ids.ts'

/** What came out of a framed value. Only `known` may be acted upon. */
export type Decoded<Name extends RecordName> =
  | { readonly kind: 'known'; readonly value: Records[Name] }
  /** A fact of a type younger than this build: ignore it. */
  | { readonly kind: 'unknown-type'; readonly type: string }
  /** Written with a schema not seen yet: `learn` it, then decode again. */
  | { readonly kind: 'unknown-schema'; readonly schemaId: number }
  /** No retry can help: park it. */
  | Malformed
  /** A command that says more than this build understands: park it under what it names. */
  | {
      readonly kind: 'unreadable'
      readonly reason: 'unknown-field'
      readonly detail: string
      readonly names: { readonly pageId: PageId; readonly commandId: CommandId }
    }

interface Malformed {
  readonly kind: 'unreadable'
  readonly reason: 'malformed'
  readonly detail: string
}

export interface Codec {
  /**
   * Framed bytes of a record; nullable fields may be left out.
   * @throws OTN_CODEC_INVALID naming the field, never its value.
   */
  encode<Name extends RecordName>(record: Name, value: Records[Name]): Buffer
  decode<Name extends RecordName>(record: Name, value: Buffer | null): Decoded<Name>
  /** Fetches the schema of an id. False = the registry knows no such id. Throws while away. */
  learn(schemaId: number): Promise<boolean>
}

/** The codec of one deployment: schemas are ours, ids are the registry's. */
export function createCodec(ids: SchemaIds): Codec {
  const resolvers = new Map<string, Reader | null>()
  return {
    encode: (record, value) => frame(ids.idOf(record), encodeBody(record, value)),
    decode: (record, value) => {
      const framed = value === null ? null : unframe(value)
      if (framed === null) return unreadable('the value is not framed Avro')
      const schema = ids.schemaOf(framed.schemaId)
      if (schema === null) return { kind: 'unknown-schema', schemaId: framed.schemaId }
      const key = `${record}/${framed.schemaId}`
      if (!resolvers.has(key)) resolvers.set(key, readerOf(record, schema))
      const reader = resolvers.get(key)
      if (!reader) return unreadable(`schema ${framed.schemaId} is no version of ${record}`)
      return decodeBody(record, reader, framed.body)
    },
    learn: (schemaId) => ids.learn(schemaId),
  }
}

interface Reader {
  readonly writer: Type
  readonly resolver: unknown
  /** Fields of the writer that this build does not have, with their defaults. */
  readonly unknown: readonly {
    readonly name: string
    readonly default: unknown
  }[]
}

const COMMANDS: ReadonlySet<RecordName> = new Set<RecordName>([
  'Notify',
  'RequestOptIn',
  'CancelNotification',
  'CampaignCommand',
  'WithdrawConsent',
])

const types = new Map<RecordName, Type>()

function typeOf(record: RecordName): Type {
  const known = types.get(record)
  if (known) return known
  const made = parse(schemas[record])
  types.set(record, made)
  return made
}

/** The Avro body of a record, without framing. @throws OTN_CODEC_INVALID naming the field. */
function encodeBody<Name extends RecordName>(record: Name, value: Records[Name]): Buffer {
  const type = typeOf(record)
  let wrong = ''
  const errorHook = (path: readonly string[]): void => {
    wrong ||= path.join('.')
  }
  // An explicit undefined is a field left out; avsc would call it a wrong value.
  const filled = withNulls(record, value)
  if (!type.isValid(filled, { errorHook, noUndeclaredFields: true })) {
    throw appError('OTN_CODEC_INVALID', {
      message: `${record}: field ${wrong || '(undeclared)'} does not fit schemas/${record}.avsc`,
      details: { record, field: wrong },
    })
  }
  return type.toBuffer(filled)
}

function withNulls(record: RecordName, value: object): Readonly<Record<string, unknown>> {
  const filled: Record<string, unknown> = { ...value }
  for (const { name } of schemas[record].fields) filled[name] ??= null
  return filled
}

function readerOf(record: RecordName, schema: unknown): Reader | null {
  try {
    const writer = parse(schema)
    const known = new Set<string>(schemas[record].fields.map(({ name }) => name))
    const unknown = writer.fields.filter(({ name }) => !known.has(name))
    return {
      writer,
      resolver: typeOf(record).createResolver(writer),
      unknown: unknown.map((field) => ({
        name: field.name,
        default: field.defaultValue(),
      })),
    }
  } catch {
    return null
  }
}

function decodeBody<Name extends RecordName>(
  record: Name,
  reader: Reader,
  body: Buffer,
): Decoded<Name> {
  try {
    const surplus = COMMANDS.has(record) ? surplusField(reader, body) : null
    const value = typeOf(record).fromBuffer(body, reader.resolver)
    if (surplus === null) return variantOf(record, value)
    // Every command has these two.
    const { pageId, commandId } = value as unknown as Records['Notify']
    const names = { pageId, commandId }
    return { kind: 'unreadable', reason: 'unknown-field', detail: surplus, names }
  } catch {
    return unreadable(`the bytes are no ${record}`)
  }
}

/** An ignored constraint would send: a command's unknown field must hold its default. */
function surplusField({ writer, unknown }: Reader, body: Buffer): string | null {
  if (unknown.length === 0) return null
  const raw = writer.fromBuffer(body)
  const used = unknown.find((field) => (raw[field.name] ?? null) !== (field.default ?? null))
  return used?.name ?? null
}

function variantOf<Name extends RecordName>(
  record: Name,
  value: Readonly<Record<string, unknown>>,
): Decoded<Name> {
  const variants = variantsOf(record)
  if (variants) {
    const type = String(value.type)
    const always = Object.hasOwn(variants, type) ? variants[type] : undefined
    if (!always) return { kind: 'unknown-type', type }
    const missing = always.find((name) => value[name] === null)
    if (missing) return unreadable(`${type} lacks ${missing}`)
  }
  return { kind: 'known', value: value as unknown as Records[Name] }
}

function variantsOf(record: RecordName): Readonly<Record<string, readonly string[]>> | null {
  const schema: object = schemas[record]
  return 'variants' in schema ? (schema.variants as Record<string, readonly string[]>) : null
}

function unreadable(detail: string): Malformed {
  return { kind: 'unreadable', reason: 'malformed', detail }
}
