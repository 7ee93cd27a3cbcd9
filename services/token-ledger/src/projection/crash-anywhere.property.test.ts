/** The oracle of the projection: whatever fails wherever, it ends equal to a fold in memory. */
import { appError } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  calls,
  engagements,
  optIns,
  pageEvents,
  tokenEvents,
  withdrawals,
} from '../../test/arbitrary-events.ts'
import { codec, FakeLog, nextAfter } from '../../test/batches.ts'
import { createFakeStore, type Fault } from '../../test/fake-store.ts'
import { eventHandlers, silentTell } from '../../test/folding.ts'
import type { PartitionId } from '../ports.ts'
import { foldBatches } from './fold-batch.ts'
import { foldDocuments } from './fold-documents.ts'
import { readRecords } from './read-records.ts'

/** Facts of which the latest counts lie under one key; of the others not even that is needed. */
const anyKey = fc.constantFrom('a', 'b')
const keyed = <T>(value: fc.Arbitrary<T>, key: fc.Arbitrary<string> = fc.constant('a')) =>
  fc.array(fc.record({ key, value }), { maxLength: 8 })

const written = fc.record({
  optIn: keyed(optIns, anyKey),
  notification: keyed(calls, anyKey),
  token: keyed(tokenEvents),
  withdrawal: keyed(withdrawals, anyKey),
  engagement: keyed(engagements),
  page: keyed(pageEvents.filter(({ type }) => type !== 'DeploymentPinned')),
})

/** What happens, step by step: which partition gets a batch of which size, and where it fails. */
const turns = fc.array(
  fc.record({
    pick: fc.nat(),
    size: fc.integer({ min: 1, max: 5 }),
    /** Steps until a fault; none where it is beyond the batch. */
    faultIn: fc.integer({ min: 1, max: 12 }),
    /** The bus goes back to what it had read before, as after a rebalance. */
    goesBack: fc.boolean(),
  }),
  { maxLength: 60 },
)

const folding: Omit<Parameters<typeof foldBatches>[0], 'store'> = {
  codec,
  parking: { park: async () => {} },
  handlers: eventHandlers,
  tell: silentTell,
  nameOf: (topic) => topic,
  fail: (error) => {
    throw error
  },
}

type Written = typeof written extends fc.Arbitrary<infer T> ? T : never
type Turns = typeof turns extends fc.Arbitrary<infer T> ? T : never

function logOf(facts: Written): FakeLog {
  const log = new FakeLog()
  log.append('optIn', facts.optIn)
  log.append('notification', facts.notification)
  log.append('token', facts.token)
  log.append('token', facts.withdrawal)
  log.append('engagement', facts.engagement)
  log.append('page', facts.page)
  return log
}

async function pureFold(log: FakeLog) {
  const store = createFakeStore()
  const { model } = await store.now()
  for (const where of log.partitions) {
    const { records } = log.batch(where, 0n)
    const reading = await readRecords({ ...where, records }, { codec, handlers: eventHandlers })
    for (const fold of reading.folds) await foldDocuments(model, [fold])
  }
  return store.contents()
}

describe('the projection', () => {
  test('after any faults, repeats and interleavings equals the fold in memory', async () => {
    await fc.assert(
      fc.asyncProperty(written, turns, async (facts, faulty) => {
        const log = logOf(facts)
        const contents = await foldWithFaults(log, faulty)
        expect(contents).toEqual(await pureFold(log))
      }),
      { numRuns: 300 },
    )
  })
})

async function foldWithFaults(log: FakeLog, faulty: Turns) {
  let stepsLeft = Number.POSITIVE_INFINITY
  const fault: Fault = () => {
    stepsLeft -= 1
    if (stepsLeft < 0) throw appError('OTN_STORE_UNREACHABLE', { message: 'a fault' })
  }
  const store = createFakeStore(fault)
  const onBatch = foldBatches({ ...folding, store })
  const next = new Map<PartitionId, bigint>(log.partitions.map((where) => [where, 0n]))
  const handle = async (where: PartitionId, size: number) => {
    const batch = log.batch(where, next.get(where) ?? 0n, size)
    if (batch.records.length > 0) next.set(where, nextAfter(batch, await onBatch(batch)))
  }
  for (const { pick, size, faultIn, goesBack } of faulty) {
    const where = log.partitions[pick % log.partitions.length]
    if (where === undefined) break
    if (goesBack) next.set(where, 0n)
    stepsLeft = faultIn
    await handle(where, size)
  }
  stepsLeft = Number.POSITIVE_INFINITY
  for (const where of log.partitions) {
    while ((next.get(where) ?? 0n) < log.end(where)) await handle(where, 100)
  }
  return store.contents()
}
