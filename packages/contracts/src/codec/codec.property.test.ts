import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordName, Records } from '../generated/records.ts'
import { schemas } from '../generated/schemas.ts'
import { createCodec } from './codec.ts'
import type { SchemaIds } from './schema-ids.ts'

const names = Object.keys(schemas) as RecordName[]
const ids: SchemaIds = {
  idOf: (record) => names.indexOf(record) + 1,
  schemaOf: (schemaId) => schemas[names[schemaId - 1] ?? 'Notify'],
  learn: async () => false,
}
const codec = createCodec(ids)

/** Any value that the schema of a record admits, its optional fields there or not. */
function anyRecord(name: RecordName): fc.Arbitrary<Records[RecordName]> {
  const schema = schemas[name]
  const types = 'variants' in schema ? Object.keys(schema.variants) : []
  const fields = schema.fields.map(({ name: field, type }) => {
    if (field === 'type') return [field, fc.constantFrom(...types)] as const
    const branch: unknown = Array.isArray(type) ? type[1] : type
    return [field, anyOf(branch)] as const
  })
  return fc.record(Object.fromEntries(fields)) as unknown as fc.Arbitrary<Records[RecordName]>
}

function anyOf(type: unknown): fc.Arbitrary<unknown> {
  if (type === 'string') return fc.string({ unit: 'grapheme' })
  if (type === 'int') return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'bytes') return fc.uint8Array().map((bytes) => Buffer.from(bytes))
  return fc.integer({ min: 0, max: 2 ** 53 - 2 })
}

describe('the codec', () => {
  test.each(names)('%s comes back as it went in, whatever it holds', (name) => {
    fc.assert(
      fc.property(anyRecord(name), (value) => {
        const decoded = codec.decode(name, codec.encode(name, value))
        expect(decoded).toEqual({ kind: 'known', value: expect.objectContaining(value) })
      }),
      { numRuns: 200 },
    )
  })

  test('no bytes make it throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 400 }), (name, bytes) => {
        const framed = Buffer.concat([Buffer.from([0, 0, 0, 0, names.indexOf(name) + 1]), bytes])
        expect(['known', 'unknown-type', 'unreadable']).toContain(codec.decode(name, framed).kind)
      }),
      { numRuns: 5_000 },
    )
  })
})
