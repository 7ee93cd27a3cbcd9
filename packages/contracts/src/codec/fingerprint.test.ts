import { expect, test } from 'vitest'
import { schemas } from '../generated/schemas.ts'
import { fingerprint } from './fingerprint.ts'

const { fields, ...head } = schemas.Notify
const withField = (change: object) => ({
  ...head,
  fields: [{ ...fields[0], ...change }, ...fields.slice(1)],
})

test('prose may change and the schema stays the same', () => {
  expect(fingerprint(withField({ doc: 'other words', personal: true }))).toBe(
    fingerprint(schemas.Notify),
  )
})

test.each([{ type: 'bytes' }, { default: 'x' }, { name: 'other' }])(
  'a change of what is read is another schema: %j',
  (change) => {
    expect(fingerprint(withField(change))).not.toBe(fingerprint(schemas.Notify))
  },
)
