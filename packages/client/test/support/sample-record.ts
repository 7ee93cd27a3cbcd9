import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const SCHEMAS = join(import.meta.dirname, '../../../../schemas')
const AT = 1_790_000_000_000

interface Field {
  readonly name: string
  readonly type: unknown
}

/** A record with every field filled, told by its schema alone. */
export function sampleRecord(name: string): Readonly<Record<string, unknown>> {
  const schema = JSON.parse(readFileSync(join(SCHEMAS, `${name}.avsc`), 'utf8'))
  const fields: readonly Field[] = schema.fields
  const filled = Object.fromEntries(fields.map((field) => [field.name, sampleOf(field)]))
  const [variant] = Object.keys(schema.variants ?? {})
  return variant === undefined ? filled : { ...filled, type: variant }
}

function sampleOf({ name, type }: Field): unknown {
  const branch = Array.isArray(type) ? type[1] : type
  if (typeof branch === 'object') return AT
  if (branch === 'bytes') return Buffer.from('sealed')
  if (branch === 'boolean') return true
  return branch === 'int' ? 7 : `${name} 在庫`
}
