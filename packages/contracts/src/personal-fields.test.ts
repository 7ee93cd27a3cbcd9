import { describe, expect, test } from 'vitest'
import type { RecordName } from './generated/records.ts'
import { schemas } from './generated/schemas.ts'
import { personalFields } from './personal-fields.ts'

describe('the personal mark', () => {
  test('covers whom a command is for and what it says', () => {
    expect([...personalFields('Notify')]).toEqual(['psid', 'externalUserId', 'text', 'message'])
  })

  test('covers the sealed field of every record that has one', () => {
    const records = Object.keys(schemas) as readonly RecordName[]
    const sealing = records.filter((record) =>
      schemas[record].fields.some(({ name }) => name === 'sealed'),
    )
    expect(sealing.length).toBeGreaterThan(5)
    expect(sealing.filter((record) => !personalFields(record).has('sealed'))).toEqual([])
  })
})
