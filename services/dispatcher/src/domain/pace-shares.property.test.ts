import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Holder, holding, needOf, shareFor } from './pace-shares.ts'

const LEASE_MS = 10_000
const workers = ['a', 'b', 'c', 'd'] as const
const step = fc.record({
  worker: fc.constantFrom(...workers),
  need: fc.double({ min: 0, max: 1, noNaN: true }),
  afterMs: fc.integer({ min: 0, max: 6_000 }),
})

function renewed(holders: readonly Holder[], worker: string, need: number, nowMs: number) {
  const others = holding(holders, nowMs).filter((holder) => holder.worker !== worker)
  const mine = shareFor(holders, { worker, need, nowMs })
  return [...others, { worker, ...mine, until: nowMs + LEASE_MS }]
}

const sum = (holders: readonly Holder[], nowMs: number) =>
  holding(holders, nowMs).reduce((all, { share }) => all + share, 0)

describe('shares of a pace', () => {
  test('are together never more than the whole, whoever comes, goes or dies', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let [holders, nowMs]: [readonly Holder[], number] = [[], 0]
        for (const { worker, need, afterMs } of steps) {
          nowMs += afterMs
          holders = renewed(holders, worker, need, nowMs)
          expect(sum(holders, nowMs)).toBeLessThanOrEqual(1 + 1e-9)
        }
      }),
    )
  })

  test('come to equal parts where all are short, within three renewals of each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), (count) => {
        let holders: readonly Holder[] = []
        const those = workers.slice(0, count)
        for (let round = 0; round < 3; round += 1) {
          for (const worker of those) holders = renewed(holders, worker, 1, round)
        }
        for (const { share } of holders) expect(share).toBeCloseTo(1 / count, 6)
      }),
    )
  })

  test('leave to others what one does not need, and the whole to the last', () => {
    let holders = renewed([], 'a', 0.5, 0)
    holders = renewed(holders, 'b', 1, 0)
    expect(holders.map(({ share }) => share)).toEqual([0.5, 0.5])
    holders = renewed(holders, 'a', 0.1, 1)
    holders = renewed(holders, 'b', 1, 1)
    expect(holders.find(({ worker }) => worker === 'b')?.share).toBeCloseTo(0.9)
    expect(shareFor(holders, { worker: 'b', need: 1, nowMs: LEASE_MS + 1 }).share).toBe(1)
  })

  test('follow what was used: twice as much, a tenth at least, all of it where some waited', () => {
    const use = (used: number, isShort = false) => needOf({ used, isShort })
    expect([use(0), use(0.2), use(0.9), use(0, true)]).toEqual([0.1, 0.4, 1, 1])
  })
})
