import { personalFields, type Records } from '@otn/contracts'

/** A record as it may be shown: what identifies a person or was written to one is masked. */
export function masked<Name extends keyof Records>(
  record: Name,
  value: object,
): Readonly<Record<string, unknown>> {
  const personal = personalFields(record)
  const shown = Object.entries(value).map(([name, field]) =>
    field !== null && (personal.has(name) || Buffer.isBuffer(field))
      ? ([name, mask(field)] as const)
      : ([name, field] as const),
  )
  return Object.fromEntries(shown)
}

function mask(field: unknown): string {
  return Buffer.isBuffer(field) ? `[sealed, ${field.length} bytes]` : '[personal]'
}
