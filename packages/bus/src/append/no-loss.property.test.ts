import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeKafka, type Fate } from '../../test/support/fake-kafka.ts'
import { silentLog } from '../bus-log.ts'
import type { Position } from '../record.ts'
import { topicNames } from '../topic-names.ts'
import { createAppender } from './create-appender.ts'

const fates: fc.Arbitrary<Fate> = fc.constantFrom(
  'good',
  'lost-reply',
  'short-reply',
  'refused',
  'silent',
)
const plans = fc.record({
  fates: fc.array(fates, { maxLength: 8 }),
  unwritable: fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { maxLength: 2 }),
  /** Records of each caller's append, as keys. */
  appends: fc.array(fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 4 }), {
    maxLength: 30,
  }),
})

test('whatever happens to sends, acknowledged means: in the log at that position', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const kafka = new FakeKafka()
      kafka.fates.push(...plan.fates)
      for (const partition of plan.unwritable) kafka.unwritable.add(`optIn/${partition}`)
      const parts = { connect: kafka.connect, names: topicNames(''), log: silentLog }
      const appender = createAppender({ sendLimitMs: 10, deadlineMs: 200 }, parts)
      const outcomes = await Promise.all(
        plan.appends.map(async (keys, caller) => {
          const records = keys.map((key, index) => ({
            topic: 'optIn' as const,
            key: `k${key}`,
            value: Buffer.from(`${caller}-${index}`),
            headers: {},
          }))
          const positions = await appender.append(records).catch(() => [])
          return positions.map((position, index) => ({ position, value: `${caller}-${index}` }))
        }),
      )
      for (const { position, value } of outcomes.flat()) expect(at(kafka, position)).toBe(value)
      expect(kafka.misuse).toBeUndefined()
      await appender.close(100)
    }),
    { numRuns: 60 },
  )
})

function at(kafka: FakeKafka, { topic, partition, offset }: Position): string | undefined {
  return kafka.log.get(`${topic}/${partition}`)?.[Number(offset)]
}
