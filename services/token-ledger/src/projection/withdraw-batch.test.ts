import type { Batch } from '@otn/bus'
import { expect, test } from 'vitest'
import { codec, FakeLog } from '../../test/batches.ts'
import { createFakeStore } from '../../test/fake-store.ts'
import { type Withdrawing, withdrawBatches } from './withdraw-batch.ts'

const where = { topic: 'optIn', partition: 0 } as const

/** One command, whose bytes nobody here can read, so that it is parked: that is where it waits. */
function setting(park: () => Promise<void>) {
  const [log, failures, waits] = [new FakeLog(), [] as Error[], [] as unknown[]]
  log.appendRaw(where, Buffer.from('no Avro'))
  const withdrawing: Withdrawing = {
    store: createFakeStore(),
    codec,
    parking: { park },
    caughtUp: async () => true,
    handle: async () => {},
    tell: {
      commandParked: () => {},
      batchWaits: (_place, error) => void waits.push(error),
      registryAway: () => {},
    },
    kafkaTopic: 'consent',
    fail: (error) => void failures.push(error),
  }
  return { batch: log.batch(where, 0n), failures, waits, onBatch: withdrawBatches(withdrawing) }
}

test('a membership lost while a batch waits goes to the consumer, and ends no ledger', async () => {
  const lost = new Error('The coordinator is not aware of this member')
  const beaten = Promise.withResolvers<void>()
  const { batch, failures, waits, onBatch } = setting(() => beaten.promise)
  const heartbeat = async () => {
    beaten.resolve()
    throw lost
  }
  await expect(onBatch({ ...batch, heartbeat } as Batch)).rejects.toBe(lost)
  expect({ failures, waits }).toEqual({ failures: [], waits: [] })
})

test('what no waiting can help ends the ledger', async () => {
  const broken = new TypeError('a bug')
  const { batch, failures, onBatch } = setting(() => Promise.reject(broken))
  expect(await onBatch(batch)).toMatchObject({ kind: 'retry', from: 0n })
  expect(failures).toEqual([broken])
})
