import { expect, test } from 'vitest'
import { inRecord } from './in-record.ts'

test('a record is read with its exact offset and the first of a repeated header', () => {
  const record = inRecord({
    key: Buffer.from('k'),
    value: null,
    timestamp: '1700000000000',
    attributes: 0,
    offset: '9007199254740993',
    headers: { ce_id: Buffer.from('é'), twice: [Buffer.from('a'), Buffer.from('b')] },
  })
  expect(record).toEqual({
    offset: 9007199254740993n,
    key: Buffer.from('k'),
    value: null,
    headers: { ce_id: 'é', twice: 'a' },
    timestampMs: 1_700_000_000_000,
  })
})
