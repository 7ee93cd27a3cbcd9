/** Hours and years in seconds of real time, with services that follow the clock. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { followClock } from '@otn/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { type Receiver, startReceiver } from '../../test/receiver.ts'
import { sendWithToken } from '../../test/send.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../index.ts'

const START_MS = 1_700_000_000_000
const SERVICES = ['ingress', 'token-ledger', 'dispatcher'] as const

let receiver: Receiver
let simulator: Simulator
let clocks: Awaited<ReturnType<typeof followClock>>[]

beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  await Promise.all(clocks.map((clock) => clock.close()))
  await simulator.close()
  await receiver.close()
})

async function start(webhooks: SimulatorOptions['webhooks'] = {}): Promise<string> {
  simulator = await startSimulator({
    clock: { startAtMs: START_MS, running: false },
    webhooks: { callbackUrl: receiver.url, ...webhooks },
  })
  clocks = await Promise.all(SERVICES.map((name) => followClock(simulator.clockUrl, name)))
  return simulator.pages[0]?.pageId ?? ''
}

/** Jumps in steps; after each one every service is where the simulator is. */
async function pass(ms: number, stepMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    const { nowMs } = await simulator.advance(stepMs)
    expect(clocks.map((clock) => clock.nowMs())).toEqual([nowMs, nowMs, nowMs])
    await simulator.quiet()
  }
}

describe('with services that follow', () => {
  test('a year passes month by month: a token dies on its day, not before [S0-05]', async () => {
    const pageId = await start()
    const early = await simulator.tap({ pageId, payload: 'early' })
    const late = await simulator.tap({ pageId, payload: 'late' })
    await pass(360 * DAY_MS, 30 * DAY_MS)
    expect((await sendWithToken(simulator, { token: early.token })).code).toBe('ok')
    await pass(5 * DAY_MS - 1, 5 * DAY_MS - 1)
    expect(simulator.truth({ token: late.token }).tokens[0]?.state).toBe('ISSUED')
    await pass(1, 1)
    expect(simulator.truth({ token: late.token }).tokens[0]?.state).toBe('EXPIRED')
    expect(simulator.nowMs()).toBe(START_MS + 365 * DAY_MS)
  })

  test('the profile messenger repeats, alerts, unsubscribes; what comes back is new [S1-43]', async () => {
    const pageId = await start({ retry: 'messenger' })
    receiver.answerWith(500)
    await simulator.tap({ pageId, payload: 'lost' })
    await pass(70 * MINUTE_MS, MINUTE_MS)
    expect(simulator.webhook()).toMatchObject({
      disabled: true,
      unsubscribedPageIds: [pageId],
      waiting: 0,
      lost: 1,
      alerts: [{ kind: 'webhooks-failing' }, { kind: 'webhooks-disabled', pageIds: [pageId] }],
    })
    expect(receiver.posts.length).toBeGreaterThan(15)
    receiver.answerWith(200)
    await simulator.tap({ pageId, payload: 'nobody is told' })
    await simulator.registerWebhook({ callbackUrl: receiver.url })
    await simulator.tap({ pageId, payload: 'page still unsubscribed' })
    simulator.subscribePages({ pageId })
    const told = await simulator.tap({ pageId, payload: 'told', waitMs: 5_000 })
    expect(told.delivered).toMatchObject({ posts: 1 })
    expect(simulator.webhook()).toMatchObject({ lost: 3, unsubscribedPageIds: [], disabled: false })
    const payloads = receiver.items().map((item) => JSON.stringify(item.optin))
    expect(payloads.filter((text) => text.includes('nobody') || text.includes('still'))).toEqual([])
  })

  test('the profile graph36h gives up after 36 hours and stays subscribed', async () => {
    const pageId = await start({ retry: 'graph36h' })
    receiver.answerWith(null)
    await simulator.tap({ pageId, payload: 'p' })
    await pass(35 * HOUR_MS, 30 * MINUTE_MS)
    expect(simulator.webhook()).toMatchObject({ waiting: 1, lost: 0 })
    await pass(3 * HOUR_MS, 30 * MINUTE_MS)
    expect(simulator.webhook()).toMatchObject({
      waiting: 0,
      disabled: false,
      unsubscribedPageIds: [],
      lostEvents: [{ pageId, field: 'messaging_optins', reason: 'repeated-too-long' }],
    })
    expect(simulator.webhook().recentFaults[0]).toMatchObject({ reason: 'connection' })
  })

  test.each([0, -1, 1.5, 36_525 * DAY_MS + 1])('no jump goes back, or too far: %d', async (ms) => {
    await start()
    await expect(simulator.advance(ms)).rejects.toThrow(/advanceMs/)
    expect(simulator.nowMs()).toBe(START_MS)
  })
})

test('no row of jumps leads past the last year that a date can be written of', async () => {
  await start()
  const jump = 36_525 * DAY_MS
  for (let years = 0; years < 7_900; years += 100) await simulator.advance(jump)
  await expect(simulator.advance(jump)).rejects.toThrow(/year 9999/)
  expect(new Date(simulator.nowMs()).toISOString()).toMatch(/^99\d\d-/)
})

test('a callback that is silent for the time-out is a recent error of that name [S1-48]', async () => {
  const pageId = await start({ answerTimeoutMs: 400 })
  receiver.answerWith('never')
  await simulator.tap({ pageId, payload: 'p' })
  await simulator.quiet()
  const [fault] = simulator.webhook().recentFaults
  expect(fault).toMatchObject({ reason: 'time-out', status: null, pageIds: [pageId], posts: 1 })
})
