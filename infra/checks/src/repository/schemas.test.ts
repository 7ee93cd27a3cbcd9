import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { allKafkaTopics, fingerprint } from '@otn/contracts'
import avsc from 'avsc'
import { describe, expect, test } from 'vitest'
import { type AvroRecord, isNullable, valueType } from '../codegen/avro-schema.ts'
import { currentSchemas } from '../codegen/generated-files.ts'
import { ROOT, read } from './files.ts'

interface Version {
  readonly label: string
  readonly schema: AvroRecord
  readonly sample: Buffer
}

const FIXTURES = 'schemas/fixtures'
const typeOf = (schema: AvroRecord) => avsc.Type.forSchema(schema as unknown as avsc.Schema)

function versionsOf(record: string): readonly Version[] {
  return readdirSync(join(ROOT, FIXTURES, record))
    .sort((a, b) => Number(a) - Number(b))
    .map((version) => {
      const folder = `${FIXTURES}/${record}/${version}`
      const schema = JSON.parse(read(`${folder}/schema.avsc`))
      const sample = Buffer.from(read(`${folder}/sample.hex`).trim(), 'hex')
      return { label: `${record} ${version}`, schema, sample }
    })
}

describe('[U17] schemas', () => {
  const records = currentSchemas()

  test('every Kafka topic has a record and every record a Kafka topic', () => {
    const named = allKafkaTopics.map(({ record }) => record).sort()
    expect(records.map(({ name }) => name).sort()).toEqual(named)
  })

  test.each(records)(
    '$name says of every field what it means, and of nullable ones null',
    (record) => {
      expect(record.fields.length).toBeGreaterThan(3)
      for (const field of record.fields) {
        expect(field.doc.length, field.name).toBeGreaterThan(10)
        if (isNullable(field)) expect(field.default, field.name).toBeNull()
      }
    },
  )

  test.each(records)('$name as it is now is kept for ever beside its sample', (record) => {
    const kept = versionsOf(record.name).map(({ schema }) => fingerprint(schema))
    expect(kept, `run: pnpm codegen --keep`).toContain(fingerprint(record))
  })

  test.each(records)(
    '$name reads every version that ever stood on main, and is read by it',
    (record) => {
      const versions = versionsOf(record.name)
      const current = typeOf(record)
      for (const { schema, label, sample } of versions) {
        const past = typeOf(schema)
        const value = current.fromBuffer(sample, current.createResolver(past))
        expect(
          past.fromBuffer(current.toBuffer(value), past.createResolver(current)),
          label,
        ).toBeTruthy()
      }
    },
  )

  test.each(records)(
    '$name keeps every field, its place among the required and its unit',
    (record) => {
      for (const { schema, label } of versionsOf(record.name)) {
        for (const past of schema.fields) {
          const now = record.fields.find(({ name }) => name === past.name)
          expect(
            now && { type: valueType(now), nullable: isNullable(now) },
            `${label} ${past.name}`,
          ).toEqual({
            type: valueType(past),
            nullable: isNullable(past),
          })
        }
      }
    },
  )
})
