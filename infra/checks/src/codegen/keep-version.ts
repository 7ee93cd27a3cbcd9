import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import avsc from 'avsc'
import { type AvroRecord, isNullable, valueType } from './avro-schema.ts'

/**
 * Keeps a schema for ever: the next number under `schemas/fixtures/<Record>/`, with a sample that
 * fills every field. Only for a version that is going to stand on main.
 */
export function keepVersion(record: AvroRecord, fixtures: string): void {
  const folder = join(fixtures, record.name)
  mkdirSync(folder, { recursive: true })
  const next = Math.max(0, ...readdirSync(folder).map(Number)) + 1
  const version = join(folder, String(next))
  mkdirSync(version)
  const type = avsc.Type.forSchema(record as unknown as avsc.Schema)
  const sample = Object.fromEntries(record.fields.map((field) => [field.name, sampleOf(field)]))
  writeFileSync(join(version, 'schema.avsc'), `${JSON.stringify(record, null, 2)}\n`)
  writeFileSync(join(version, 'sample.hex'), `${type.toBuffer(sample).toString('hex')}\n`)
}

function sampleOf(field: AvroRecord['fields'][number]): unknown {
  const type = valueType(field)
  if (typeof type === 'object') return 1_458_692_752_478
  const samples = {
    string: `${field.name} 在庫`,
    int: 7,
    boolean: true,
    bytes: Buffer.from([0, 255]),
  }
  return isNullable(field) || type !== 'int' ? samples[type] : 1
}
