/** Routes on real engines before the stand-in of the platform, at an instant of its history. */
import { DAY_MS, HOUR_MS, pageId, pageScopedUserId } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { APP_ID, connectPage, openScene, PLANTED, type Scene } from './support/scene.ts'

const SHOP = pageId('2000')
const RETIRED_AT = Date.UTC(2026, 3, 27)
const RETIRED = ['ACCOUNT_UPDATE', 'CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE']

describe('around the day on which the platform retired three tags', () => {
  let scene: Scene
  let simulator: Simulator
  beforeAll(async () => {
    const startAtMs = RETIRED_AT - 2 * DAY_MS
    simulator = await startSimulator({
      ...{ appId: APP_ID, appSecret: PLANTED.appSecret },
      pages: [{ pageId: SHOP, name: 'Shop' }],
      clock: { startAtMs, running: false },
    })
    scene = await openScene()
    scene.clock.now = startAtMs
    await connectPage(scene, SHOP, simulator.pages[0]?.accessToken ?? '')
    await scene.start({
      GRAPH_BASE_URL: simulator.graphUrl,
      DISPATCHER_TAGS: ['HUMAN_AGENT', ...RETIRED].join(','),
      DISPATCHER_WINDOW_GUARD: 'flag',
    })
  })
  afterAll(async () => {
    await scene[Symbol.asyncDispose]()
    await simulator.close()
  })

  const goTo = async (ms: number) => {
    await simulator.advance(ms - scene.clock.now)
    scene.clock.now = ms
  }
  /** Somebody who writes now. */
  const somebody = async () => {
    const [person] = simulator.addPeople({ pageId: SHOP, count: 1 })
    const psid = pageScopedUserId(person?.psid ?? '')
    await simulator.act({ pageId: SHOP, psid, act: { kind: 'message', text: 'Hi' } })
    scene.ledger.windowOpenUntil = scene.clock.now + DAY_MS
    return psid
  }
  const ended = async (values: Parameters<Scene['notify']>[0]) =>
    scene.ended((await scene.notify({ pageId: SHOP, topic: null, ...values })).commandId)

  test('each goes out tagged, inside the window and outside, until that day; HUMAN_AGENT for a week [S1-37]', async () => {
    const psid = await somebody()
    const byTag = (tag: string) => ended({ psid, route: 'TAG', tag })
    const sent = { type: 'NotificationSent', route: 'TAG', tokenId: null, attempt: 1 }
    const waysOf = () => simulator.truth({ psid }).deliveries.map(({ route }) => route)
    for (const tag of RETIRED) expect(await byTag(tag)).toMatchObject(sent)
    await goTo(RETIRED_AT - 1)
    for (const tag of RETIRED) expect(await byTag(tag)).toMatchObject(sent)
    await goTo(RETIRED_AT)
    const before = simulator.truth().callCount
    for (const tag of RETIRED) {
      const refused = { reason: 'tag-retired', rule: 'notify-tag-retired', attempt: 0 }
      expect(await byTag(tag)).toMatchObject(refused)
    }
    expect(simulator.truth().callCount).toBe(before)
    expect(await byTag('HUMAN_AGENT')).toMatchObject(sent)
    const inside = ['window', 'window', 'window']
    expect(waysOf()).toEqual([...inside, 'tag', 'tag', 'tag', 'tag'])
  })

  test('with the guard off the platform refuses what comes after the window: classified, not repeated [S1-38]', async () => {
    const psid = await somebody()
    await goTo(scene.clock.now + DAY_MS)
    expect(await ended({ psid, route: 'WINDOW' })).toMatchObject({
      ...{ type: 'NotificationFailed', reason: 'window-closed', attempt: 1 },
      ...{ graphCode: 10, graphSubcode: 2018278, tokenReleased: null },
    })
    const { calls, deliveries } = simulator.truth({ psid })
    expect([calls.length, deliveries]).toEqual([1, []])
  })

  test('AUTO goes on by token where the platform calls the window closed that the log calls open', async () => {
    const psid = await somebody()
    const { token } = await simulator.tap({ pageId: SHOP, psid, payload: 'otn1:restock-1234:' })
    await scene.grant(psid, { page: SHOP, token })
    await goTo(scene.clock.now + DAY_MS)
    scene.ledger.windowOpenUntil = scene.clock.now + HOUR_MS
    const last = await ended({ psid, route: 'AUTO', topic: 'restock-1234' })
    expect(last).toMatchObject({ type: 'NotificationSent', route: 'TOKEN', commandRoute: 'AUTO' })
    const told = scene.facts(last.commandId).map(({ type, route, reason }) => [type, route, reason])
    expect(told).toEqual([
      ['NotificationAttempted', 'WINDOW', null],
      ['NotificationScheduled', 'WINDOW', 'window-closed'],
      ['NotificationAttempted', 'TOKEN', null],
      ['NotificationSent', 'TOKEN', null],
    ])
    expect(simulator.truth({ psid }).deliveries).toMatchObject([{ route: 'token', token }])
  })
})
