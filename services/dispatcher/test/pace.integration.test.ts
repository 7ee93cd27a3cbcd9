/** Pace, pauses and quiet hours on real engines before the stand-in of the platform. */
import { MINUTE_MS, type PageId, pageId, pageScopedUserId } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Gate, startGate } from './support/gate.ts'
import { APP_ID, connectPage, openScene, PLANTED, type Scene, until } from './support/scene.ts'

const [NOISY, QUIET, OTHER, PACED, ASLEEP] = ['3001', '3002', '3003', '3004', '3005'].map(pageId)
const PAGES = [NOISY, QUIET, OTHER, PACED, ASLEEP].flatMap((page) => page ?? [])
/** Noon, so that the night of one page is far. */
const START = Date.UTC(2026, 5, 1, 12)
const PER_SECOND = 20

describe('pages before a platform with limits', () => {
  let scene: Scene
  let simulator: Simulator
  let gate: Gate
  beforeAll(async () => {
    simulator = await startSimulator({
      ...{ appId: APP_ID, appSecret: PLANTED.appSecret },
      pages: PAGES.map((page) => ({ pageId: page, name: page })),
      clock: { startAtMs: START, running: false },
      limits: { textCallsPerSecond: PER_SECOND, time: 'machine' },
    })
    gate = await startGate(simulator.graphUrl)
    scene = await openScene()
    scene.clock.now = START
    for (const [index, page] of PAGES.entries()) {
      await connectPage(scene, page, simulator.pages[index]?.accessToken ?? '')
    }
    const env = {
      GRAPH_BASE_URL: gate.url,
      DISPATCHER_TICK_MS: '50',
      DISPATCHER_PACE_TEXT: String(PER_SECOND),
      // Calls are counted: a slow machine is to be no outage, after which one goes again.
      DISPATCHER_START_TIMEOUT_MS: '10000',
      DISPATCHER_CALL_TIMEOUT_MS: '15000',
      DISPATCHER_APPEND_TIMEOUT_MS: '25000',
      DISPATCHER_STORE_TIMEOUT_MS: '30000',
      DISPATCHER_QUIET_HOURS: `${ASLEEP}=22:00-08:00`,
      DISPATCHER_TIME_ZONES: 'Europe/Zurich',
    }
    await Promise.all([scene.start(env), scene.start(env)])
  }, 60_000)
  afterAll(async () => {
    await scene[Symbol.asyncDispose]()
    await gate[Symbol.asyncDispose]()
    await simulator.close()
  })

  const pass = async (ms: number) => {
    await simulator.advance(ms)
    scene.clock.now += ms
  }
  /** A person of a page who agreed, and the command that tells them. */
  const notify = async (
    page: PageId | undefined = QUIET,
    values: { giveUpAt?: number; timeZone?: string } = {},
  ) => {
    const { psid, token } = await simulator.tap({
      pageId: page ?? '',
      payload: 'otn1:restock-1234:',
    })
    await scene.grant(psid, { page: pageId(page ?? ''), token })
    const to = { pageId: pageId(page ?? ''), psid: pageScopedUserId(psid) }
    return (await scene.notify({ ...to, ...values })).commandId
  }
  const sent = async (id: string) => {
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent' })
    return scene.facts(id).findLast(({ type }) => type === 'NotificationSent')?.at
  }
  /** Messages of the pages given; each person got exactly one. */
  const delivered = (...pages: readonly (PageId | undefined)[]) => {
    const all = simulator.truth().deliveries.filter(({ pageId: at }) => pages.some((p) => p === at))
    expect(new Set(all.map(({ psid }) => psid)).size).toBe(all.length)
    return all.length
  }

  test('two dispatchers keep to the pace of one page together: no call is refused', async () => {
    const count = 4 * PER_SECOND
    const startedMs = performance.now()
    const before = delivered(PACED)
    const ids = await Promise.all(Array.from({ length: count }, () => notify(PACED)))
    for (const id of ids) await sent(id)
    expect(delivered(PACED) - before).toBe(count)
    const told = ids.flatMap((id) => scene.facts(id).map(({ type }) => type))
    expect(told.filter((type) => type === 'NotificationAttempted')).toHaveLength(count)
    // The first second's calls come at once or not; the others at no more than the pace.
    const seconds = (performance.now() - startedMs) / 1_000
    expect(seconds).toBeGreaterThan(count / PER_SECOND - 1)
  })

  test('a storm of limits on one page for half an hour delays no neighbour, loses and doubles nothing [S0-28]', async () => {
    const throttled = { pageId: NOISY ?? '', name: 'throttled' }
    simulator.addKnob(throttled)
    const before = delivered(QUIET, OTHER)
    const stormy: string[] = []
    for (let step = 0; step < 6; step += 1) {
      const [loud = '', ...ids] = await Promise.all(
        [NOISY, QUIET, OTHER].map((page) => notify(page)),
      )
      stormy.push(loud)
      // Virtual time stands still until neighbours are served: whoever were held would never be.
      for (const at of await Promise.all(ids.map(sent))) expect(at).toBe(scene.clock.now)
      await pass(5 * MINUTE_MS)
    }
    expect(delivered(QUIET, OTHER) - before).toBe(12)
    expect(delivered(NOISY)).toBe(0)
    const attempts = stormy.flatMap((id) => scene.facts(id)).map(({ reason }) => reason)
    expect(attempts).toContain('rate-limited')
    simulator.clearKnobs()
    await pass(2 * MINUTE_MS)
    for (const id of stormy) await sent(id)
    expect(delivered(NOISY)).toBe(stormy.length)
  })

  test('a platform out of reach for half an hour costs waits: nothing is lost, nothing goes out twice', async () => {
    const [calls, before] = [simulator.truth().callCount, delivered(QUIET, OTHER)]
    await gate.shut()
    const ids: string[] = []
    for (let step = 0; step < 6; step += 1) {
      ids.push(...(await Promise.all([notify(QUIET), notify(OTHER)])))
      await pass(5 * MINUTE_MS)
    }
    const waits = () =>
      ids.flatMap((id) => scene.facts(id)).some((fact) => fact.reason === 'not-reached')
    await until('a wait', waits)
    expect(simulator.truth().callCount).toBe(calls)
    await gate.open()
    await pass(2 * MINUTE_MS)
    for (const id of ids) await sent(id)
    expect(delivered(QUIET, OTHER) - before).toBe(ids.length)
    expect(simulator.truth().callCount - calls).toBe(ids.length)
  })

  test('in quiet hours commands wait for their end, but not where it is day for the person', async () => {
    const night = Date.UTC(2026, 5, 1, 21)
    const morning = Date.UTC(2026, 5, 2, 6)
    await pass(night - scene.clock.now)
    const [short, long, other, elsewhere] = [
      await notify(ASLEEP, { giveUpAt: morning - 1 }),
      await notify(ASLEEP, { giveUpAt: morning }),
      await notify(QUIET),
      await notify(ASLEEP, { timeZone: 'America/New_York' }),
    ]
    expect(await scene.ended(short)).toMatchObject({ reason: 'quiet-past-give-up', attempt: 0 })
    const waits = await until('a wait', () => scene.facts(long ?? '')[0])
    expect(waits).toMatchObject({ reason: 'quiet-hours', dueAt: morning, attempt: 0 })
    await sent(other ?? '')
    // There it is the afternoon.
    await sent(elsewhere ?? '')
    expect(delivered(ASLEEP)).toBe(1)
    await pass(morning - scene.clock.now)
    expect(await sent(long ?? '')).toBe(morning)
    expect(delivered(ASLEEP)).toBe(2)
  })
})
