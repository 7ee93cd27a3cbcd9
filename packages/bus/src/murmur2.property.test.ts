import { Partitioners } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { murmur2, partitionOfKey } from './murmur2.ts'

/** Vectors of Kafka's own test (clients UtilsTest.testMurmur2), written down as key and hash. */
const JAVA: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

describe('the partition of a key', () => {
  test("is hashed as Kafka's Java client hashes it", () => {
    for (const [key, hash] of JAVA) expect(murmur2(Buffer.from(key))).toBe(hash)
  })

  test('is the one kafkajs chooses, for ten thousand keys of every length and alphabet', () => {
    const theirs = Partitioners.DefaultPartitioner()
    for (const partitions of [1, 3, 12]) {
      const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
        partitionErrorCode: 0,
        partitionId,
        leader: 1,
        replicas: [1],
        isr: [1],
      }))
      for (let index = 0; index < 10_000; index += 1) {
        const key = keyOf(index)
        const message = { key, value: null }
        expect(partitionOfKey(key, partitions), key).toBe(
          theirs({ topic: 't', partitionMetadata, message }),
        )
      }
    }
  })
})

/** Keys of length 0 to 40 with multi-byte letters in between, the same in every run. */
function keyOf(index: number): string {
  const letters = 'abcdefghij0123456789:-_éßжあ🎈'
  let state = index * 2654435761
  let key = ''
  for (let at = 0; at < index % 41; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    key += letters[state % letters.length] ?? ''
  }
  return key
}
