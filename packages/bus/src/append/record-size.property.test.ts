import { createRequire } from 'node:module'
import fc from 'fast-check'
import type { Message } from 'kafkajs'
import { expect, test } from 'vitest'
import { recordBytes } from './record-size.ts'

interface Encoded {
  size(): number
}
const inside = createRequire(import.meta.url)
const { RecordBatch } = inside('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch(batch: { records: readonly unknown[] }): Promise<Encoded>
}
const encodeRecord = inside('kafkajs/src/protocol/recordBatch/record/v0') as (
  message: Message & { offsetDelta: number; timestampDelta: number },
) => unknown

/** A size below the real one would let a record through that the broker refuses. */
test('the size of a record is what kafkajs writes or up to 60 bytes more', async () => {
  const messages = fc.record({
    key: fc.string({ maxLength: 300, unit: 'binary' }),
    value: fc.option(fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes))),
    headers: fc.dictionary(fc.string(), fc.string({ maxLength: 200 }), { maxKeys: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(messages, async (message) => {
      const record = encodeRecord({ ...message, offsetDelta: 0, timestampDelta: 0 })
      const real = (await RecordBatch({ records: [record] })).size()
      const ours = recordBytes(message)
      expect(ours).toBeGreaterThanOrEqual(real)
      expect(ours).toBeLessThanOrEqual(real + 60)
    }),
  )
})
