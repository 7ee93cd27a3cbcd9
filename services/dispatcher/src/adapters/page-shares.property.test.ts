/** Several dispatchers on one page, on a store with a clock of its own. */
import { pageId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VirtualTime } from '../../test/support/virtual-time.ts'
import { SECOND_AT_PLATFORM_MS } from '../domain/pace.ts'
import { LanePace } from './lane-pace.ts'
import { type PageLoad, type ShareStore, StoredPageShares } from './page-shares.ts'

const PAGE = pageId('1')
const NOW = 1_800_000_000_000
const LEASE_MS = 10_000
const CEILING = 60
const LOOK_MS = 50
const LOOKS_PER_SECOND = 1_000 / LOOK_MS

function createWorld(budget: number | null = null) {
  const time = new VirtualTime()
  const state = {
    load: { holders: [], freedAt: 0, calls: new Map() } as PageLoad,
    isAway: false,
    cutOff: '',
  }
  const store: ShareStore = {
    change: async (_, decide) => {
      if (state.isAway) throw new Error('away')
      await time.sleep(3)
      // The store's clock is another one than the machine's.
      state.load = decide(state.load, 5_000 + time.nowMs)
      await time.sleep(3)
      return state.load
    },
  }
  const left: number[] = []
  const all: { readonly share: () => number; readonly lately: number[] }[] = []
  /** Looked at all the time: what each had at most within the last second, together. */
  const most = { ofShares: 0 }
  const look = async () => {
    for (;;) {
      for (const { share, lately } of all) {
        lately.push(share())
        lately.splice(0, lately.length - LOOKS_PER_SECOND)
      }
      const sum = all.reduce((shares, { lately }) => shares + Math.max(0, ...lately), 0)
      most.ofShares = Math.max(most.ofShares, sum)
      await time.sleep(LOOK_MS)
    }
  }
  void look()
  const start = (worker: string) => {
    const mine: ShareStore = {
      change: (page, decide) =>
        state.cutOff === worker ? Promise.reject(new Error('cut off')) : store.change(page, decide),
    }
    const shares = new StoredPageShares({
      ...{ store: mine, worker, leaseMs: LEASE_MS, budgetOf: () => budget },
      ...{ machineMs: () => time.nowMs, nowMs: () => NOW + time.nowMs },
    })
    const pace = new LanePace({
      ceilings: { text: CEILING, media: 10 },
      share: () => shares.shareOf(PAGE),
      ready: () => shares.ready(PAGE),
      ofApp: () => 1,
      ...{ machineMs: () => time.nowMs, sleep: time.sleep },
    })
    const alive = { is: true }
    all.push({ share: () => (alive.is ? shares.shareOf(PAGE) : 0), lately: [] })
    const call = async () => {
      while (alive.is) {
        const againMs = await pace.turn('text')
        if (againMs > 0) await time.sleep(againMs)
        else if (await pace.leave('text')) {
          shares.spend(PAGE)
          if (alive.is) left.push(time.nowMs)
        }
      }
    }
    const renew = async () => {
      while (alive.is) {
        await time.sleep(1_000)
        if (alive.is) await shares.renew(() => pace.takeUse())
      }
    }
    void renew()
    for (let caller = 0; caller < 8; caller += 1) void call()
    return { shares, kill: () => Object.assign(alive, { is: false }) }
  }
  return { time, state, left, most, start }
}

/** Sums of fractions of a millisecond are not exact. */
const WINDOW_MS = SECOND_AT_PLATFORM_MS - 1e-6

function mostInASecond(instants: readonly number[]): number {
  let [most, from] = [0, 0]
  for (const [index, at] of instants.entries()) {
    while (at - (instants[from] ?? 0) >= WINDOW_MS) from += 1
    most = Math.max(most, index - from + 1)
  }
  return most
}

const change = fc.record({
  what: fc.constantFrom('start', 'kill', 'leave', 'store', 'cut-off'),
  who: fc.nat({ max: 2 }),
  afterMs: fc.integer({ min: 0, max: 9_000 }),
})

describe('dispatchers on one page', () => {
  test('call together no faster than one may, whoever starts, leaves or dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 7 }), async (changes) => {
        const { time, state, left, most, start } = createWorld()
        const running = new Map([[0, start('0')]])
        let names = 1
        for (const { what, who, afterMs } of changes) {
          await time.run(time.nowMs + afterMs)
          const known = running.get(who)
          if (what === 'start' && !known) running.set(who, start(String(names++)))
          if (what === 'store') state.isAway = !state.isAway
          if (what === 'cut-off') state.cutOff = String(who)
          if (what === 'kill' || what === 'leave') {
            known?.kill()
            if (what === 'leave') void known?.shares.close()
            running.delete(who)
          }
        }
        await time.run(time.nowMs + 3_000)
        for (const { kill } of running.values()) kill()
        expect(mostInASecond(left)).toBeLessThanOrEqual(CEILING)
        expect(most.ofShares).toBeLessThanOrEqual(1 + 1e-9)
      }),
      { numRuns: 15 },
    )
  }, 120_000)

  test('come to equal parts in seconds, and the one that is left to the whole', async () => {
    const { time, left, start } = createWorld()
    const [first, second] = [start('a'), start('b')]
    await time.run(8_000)
    expect(first.shares.shareOf(PAGE)).toBeCloseTo(0.5)
    expect(second.shares.shareOf(PAGE)).toBeCloseTo(0.5)
    const before = left.length
    await time.run(18_000)
    expect((left.length - before) / (10 * CEILING)).toBeGreaterThan(0.95)
    second.kill()
    await time.run(32_000)
    expect(first.shares.shareOf(PAGE)).toBe(1)
    first.kill()
  })

  test('take nothing over before the last second of whoever had it is past', async () => {
    const { time, state, most, start } = createWorld()
    const first = start('a')
    await time.run(5_000)
    const second = start('b')
    await time.run(15_000)
    expect(second.shares.shareOf(PAGE)).toBeCloseTo(0.5)
    state.cutOff = 'a'
    await time.run(30_000)
    expect([first.shares.shareOf(PAGE), second.shares.shareOf(PAGE)]).toEqual([0, 1])
    expect(most.ofShares).toBeLessThanOrEqual(1 + 1e-9)
    for (const { kill } of [first, second]) kill()
  })

  test('make no call more in a day than the budget allows, but for what is not told yet', async () => {
    const { time, start, state } = createWorld(100)
    const { shares, kill } = start('a')
    await time.run(20_000)
    expect(shares.spend(PAGE)).toBeGreaterThan(NOW + 86_400_000)
    const told = [...state.load.calls.values()].reduce((sum, calls) => sum + calls, 0)
    expect(told).toBe(100)
    kill()
  })

  test('call no more when the store was away for a lease', async () => {
    const { time, state, left, start } = createWorld()
    const { kill, shares } = start('a')
    await time.run(5_000)
    state.isAway = true
    await time.run(5_000 + LEASE_MS + 1_000)
    expect(shares.shareOf(PAGE)).toBe(0)
    const before = left.length
    await time.run(30_000)
    expect(left.length).toBe(before)
    kill()
  })
})
