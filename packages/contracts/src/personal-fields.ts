import type { RecordName } from './generated/records.ts'
import { schemas } from './generated/schemas.ts'

/**
 * Fields of a record that its schema marks `"personal": true`: they identify a person or hold what
 * was written to them, and are masked wherever a record is shown.
 */
export function personalFields(record: RecordName): ReadonlySet<string> {
  const fields: readonly { readonly name: string; readonly personal?: boolean }[] =
    schemas[record].fields
  return new Set(fields.filter(({ personal }) => personal === true).map(({ name }) => name))
}
