import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReplyPart, settleReply } from './settle-reply.ts'

const address = fc.record({
  topicName: fc.constantFrom('a', 'b'),
  partition: fc.integer({ min: 0, max: 3 }),
})
const sent = fc.array(address, { maxLength: 40 })
const reply: fc.Arbitrary<ReplyPart[]> = fc.array(
  fc.record(
    {
      topicName: fc.constantFrom('a', 'b'),
      partition: fc.integer({ min: 0, max: 3 }),
      errorCode: fc.constantFrom(0, 0, 0, 6, 19),
      baseOffset: fc.constantFrom('0', '17', '-1', '9007199254740993'),
    },
    { requiredKeys: ['topicName', 'partition', 'errorCode'] },
  ),
)

describe('a reply settles', () => {
  test('each record once: acknowledged or unsettled', () => {
    fc.assert(
      fc.property(sent, reply, (records, parts) => {
        const { acknowledged, unsettled } = settleReply(records, parts)
        const settled = [...acknowledged.map(({ record }) => record), ...unsettled]
        expect(settled).toHaveLength(records.length)
        expect(new Set(settled)).toEqual(new Set(records))
      }),
    )
  })

  test('nothing whose partition it does not name with error 0 and an offset', () => {
    fc.assert(
      fc.property(sent, reply, (records, parts) => {
        for (const { record } of settleReply(records, parts).acknowledged) {
          const names = parts.some(
            (part) =>
              part.topicName === record.topicName &&
              part.partition === record.partition &&
              part.errorCode === 0 &&
              BigInt(part.baseOffset ?? '-1') >= 0n,
          )
          expect(names).toBe(true)
        }
      }),
    )
  })

  test('records of one partition at consecutive offsets from its base, in the order sent', () => {
    fc.assert(
      fc.property(sent, (records) => {
        const parts = records.map((record) => ({ ...record, errorCode: 0, baseOffset: '100' }))
        const offsets = new Map<string, bigint[]>()
        for (const { record, offset } of settleReply(records, parts).acknowledged) {
          const key = `${record.topicName}/${record.partition}`
          offsets.set(key, [...(offsets.get(key) ?? []), offset])
        }
        for (const list of offsets.values()) {
          expect(list).toEqual(list.map((_, index) => 100n + BigInt(index)))
        }
      }),
    )
  })
})
