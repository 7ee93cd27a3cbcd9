import { describe, expect, test } from 'vitest'
import { inOrder } from './in-order.ts'
import type { LogRecord } from './read-log.ts'

function record(timestampMs: number, offset: bigint): LogRecord<'alarm'> {
  const decoded = { kind: 'unknown-type', type: 'x' } as const
  return { topic: 'alarm', partition: 0, key: null, headers: {}, timestampMs, offset, decoded }
}

function start(heldMax?: number) {
  const handed: bigint[] = []
  const order = inOrder(({ offset }) => handed.push(offset), heldMax)
  return { handed, order }
}

describe('records of several partitions', () => {
  test('are told by time where they stood on the log, then as they come', () => {
    const { handed, order } = start()
    for (const [ms, offset] of [
      [30, 3n],
      [10, 1n],
      [20, 2n],
      [30, 4n],
    ] as const) {
      order.add(record(ms, offset))
    }
    expect(handed).toEqual([])
    order.caughtUp()
    order.add(record(5, 5n))
    expect(handed).toEqual([1n, 2n, 3n, 4n, 5n])
  })

  test('flow once they are too many to be held', () => {
    const { handed, order } = start(2)
    for (const ms of [3, 2, 1, 0]) order.add(record(ms, BigInt(ms)))
    expect(handed).toEqual([1n, 2n, 3n, 0n])
  })
})
