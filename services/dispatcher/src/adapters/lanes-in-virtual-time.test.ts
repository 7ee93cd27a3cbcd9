/** The lanes as they are, with a platform that takes its time, for minutes of virtual time. */
import { type PageId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { command, NOW, stored } from '../../test/support/command-facts.ts'
import { VirtualTime } from '../../test/support/virtual-time.ts'
import type { StoredCommand } from '../domain/document.ts'
import { SECOND_AT_PLATFORM_MS } from '../domain/pace.ts'
import type { PaceKind } from '../domain/pace-kind.ts'
import { MemoryLanes } from './lanes-memory.ts'

const [NOISY, QUIET, OTHER] = [pageId('1'), pageId('2'), pageId('3')]
/** From the claim to the call, and from the call to its answer. */
const [CLAIM_MS, CALL_MS] = [40, 200]

interface Left {
  readonly page: PageId
  readonly offeredMs: number
  readonly leftMs: number
}

interface WorldOptions {
  readonly seconds: number
  /** Offered in each second. */
  readonly perSecond: ReadonlyMap<PageId, number>
  readonly kind?: PaceKind
  /** What the platform does to a call; true = it asks for fewer. */
  readonly throttles?: (page: PageId, nowMs: number) => boolean
  readonly shares?: number
}

/** @returns what left, in order */
async function world(options: WorldOptions): Promise<readonly Left[]> {
  const { seconds, perSecond, kind = 'text', throttles = () => false, shares = 1 } = options
  const time = new VirtualTime()
  const left: Left[] = []
  const offered = new Map<string, number>()
  const waiting: StoredCommand[] = []
  let draws = 1
  const random = () => {
    draws = (draws * 48_271) % 2_147_483_647
    return draws / 2_147_483_647
  }
  const lanes: MemoryLanes = new MemoryLanes({
    run: async (document) => {
      const page = document.command.pageId
      const turn = await lanes.turn(page, kind)
      const again = () => waiting.push(document)
      if (turn.kind === 'later') return void time.sleep(turn.delayMs).then(again)
      await time.sleep(CLAIM_MS * (0.5 + random()))
      if (await lanes.leave(page, kind)) return void again()
      left.push({ page, offeredMs: offered.get(document.id) ?? 0, leftMs: time.nowMs })
      await time.sleep(CALL_MS * (0.5 + random()))
      if (!throttles(page, time.nowMs)) return lanes.answered(page)
      const pause = { scope: 'page', waitMs: null, untilPageEvent: false } as const
      lanes.stop(page, { reason: 'rate-limited', pause })
      again()
    },
    failed: () => 1_000,
    ...{ concurrency: 96, queueMax: 384, totalMax: 384, recheckMs: 60_000, throttleMsMax: 60_000 },
    ...{ machineMs: () => time.nowMs, nowMs: () => NOW + time.nowMs, random, sleep: time.sleep },
    ceilings: { text: 300, media: 10 },
    shares: { shareOf: () => shares, ready: async () => {}, spend: () => null },
    wakeIn: () => {},
  })
  const offer = async () => {
    for (let tick = 0; tick < seconds * 10; tick += 1) {
      for (const [page, count] of perSecond) {
        const until = Math.floor(((tick + 1) * count) / 10) - Math.floor((tick * count) / 10)
        for (let nth = 0; nth < until; nth += 1) {
          const document = stored({
            id: `${page} ${tick} ${nth}`,
            command: command({ pageId: page }),
          })
          offered.set(document.id, time.nowMs)
          waiting.push(document)
        }
      }
      waiting.splice(0, waiting.length, ...waiting.filter((one) => !lanes.offer(one)))
      await time.sleep(100)
    }
  }
  void offer()
  await time.run(seconds * 1_000)
  return left
}

const of = (left: readonly Left[], ...pages: readonly PageId[]) =>
  left.filter(({ page }) => pages.includes(page))

function meanDelayMs(left: readonly Left[]): number {
  const sum = left.reduce((all, { offeredMs, leftMs }) => all + leftMs - offeredMs, 0)
  return sum / left.length
}

/** Sums of fractions of a millisecond are not exact. */
const WINDOW_MS = SECOND_AT_PLATFORM_MS - 1e-6

function mostInASecond(left: readonly Left[], windowMs = WINDOW_MS): number {
  let [most, from] = [0, 0]
  for (const [index, { leftMs }] of left.entries()) {
    while (leftMs - (left[from]?.leftMs ?? 0) >= windowMs) from += 1
    most = Math.max(most, index - from + 1)
  }
  return most
}

/** Jain's index of fairness: 1 = all have the same. */
function fairness(counts: readonly number[]): number {
  const sum = counts.reduce((all, count) => all + count, 0)
  return sum ** 2 / (counts.length * counts.reduce((all, count) => all + count ** 2, 0))
}

describe('lanes at their pace', () => {
  test('use 97 of 100 slots of three pages, fairly, and no second sees more than the ceiling', async () => {
    const pages = [NOISY, QUIET, OTHER]
    const left = await world({ seconds: 8, perSecond: new Map(pages.map((page) => [page, 400])) })
    const counts = pages.map((page) => of(left, page).length)
    for (const page of pages) expect(mostInASecond(of(left, page))).toBeLessThanOrEqual(300)
    // Evenly, but for what the claims make of it.
    const later = of(left, QUIET).filter(({ leftMs }) => leftMs > 2_000)
    expect(mostInASecond(later, 100)).toBeLessThan(60)
    for (const count of counts) expect(count / (8 * 300)).toBeGreaterThan(0.97)
    expect(fairness(counts)).toBeGreaterThan(0.99)
  }, 120_000)

  test('keep audio and video to ten a second', async () => {
    const left = await world({ seconds: 20, perSecond: new Map([[QUIET, 30]]), kind: 'media' })
    expect(mostInASecond(left)).toBeLessThanOrEqual(10)
    expect(left.length / (20 * 10)).toBeGreaterThan(0.95)
  })

  test('of a part of a page keep to that part', async () => {
    const left = await world({ seconds: 10, perSecond: new Map([[QUIET, 300]]), shares: 0.25 })
    expect(mostInASecond(left)).toBeLessThanOrEqual(75)
    expect(left.length / (10 * 75)).toBeGreaterThan(0.95)
  })

  test('leave neighbours alone in a storm: their delay is the same within 20 %', async () => {
    const perSecond = new Map<PageId, number>([
      [NOISY, 30],
      [QUIET, 60],
      [OTHER, 60],
    ])
    const calm = await world({ seconds: 10, perSecond })
    const noise = new Map(perSecond).set(NOISY, 400)
    const throttles = (page: PageId) => page === NOISY
    const storm = await world({ seconds: 10, perSecond: noise, throttles })
    const [before, after] = [calm, storm].map((left) => meanDelayMs(of(left, QUIET, OTHER)))
    expect(of(storm, QUIET, OTHER)).toHaveLength(of(calm, QUIET, OTHER).length)
    expect((after ?? 0) / (before ?? 1)).toBeLessThan(1.2)
    // And the noisy page calls now and then, not on and on.
    expect(of(storm, NOISY).length).toBeLessThan(200)
  })
})
