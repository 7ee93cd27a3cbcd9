import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Receiver, startReceiver } from '../../test/receiver.ts'
import { fairWeather } from '../domain/webhook-weather.ts'
import { type Simulator, startSimulator } from '../index.ts'

let simulator: Simulator
let receiver: Receiver
let pageId: string
let psid: string
beforeAll(async () => {
  receiver = await startReceiver()
  simulator = await startSimulator({
    seed: 'routes',
    clock: { startAtMs: 0, running: false },
    webhooks: { callbackUrl: receiver.url },
  })
  pageId = simulator.pages[0]?.pageId ?? ''
  psid = simulator.people(pageId)[0]?.psid ?? ''
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${simulator.simulatorUrl}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const json: Record<string, unknown> = JSON.parse(await answer.text())
  return { status: answer.status, json }
}

describe('over HTTP', () => {
  test('the weather of webhooks is read, changed and ended', async () => {
    const { json } = await call('POST', '/_sim/webhook/weather', { duplicateShare: 1 })
    expect(json).toEqual({ ...fairWeather, duplicateShare: 1 })
    const lateToo = await call('POST', '/_sim/webhook/weather', { lateMs: 5 })
    expect(lateToo.json).toEqual({ ...fairWeather, duplicateShare: 1, lateMs: 5 })
    expect((await call('DELETE', '/_sim/webhook/weather')).json).toEqual(fairWeather)
    expect((await call('GET', '/_sim/webhook/weather')).json).toEqual(fairWeather)
  })

  test.each([
    [{ duplicatesMax: 21 }, /duplicatesMax/],
    [{ eventsPerPostMax: 1_001 }, /eventsPerPostMax/],
    [{ signature: 'green' }, /signature/],
    [{ wind: 3 }, /wind/],
  ])('weather that cannot be is refused by name: %j', async (weather, detail) => {
    const { status, json } = await call('POST', '/_sim/webhook/weather', weather)
    expect(status).toBe(400)
    expect(json.detail).toMatch(detail)
  })

  test('a page is unsubscribed and subscribed; what happened between is lost [S1-42]', async () => {
    const act = { kind: 'message', text: 'between' }
    const { json: off } = await call('POST', '/_sim/webhook/unsubscribe', { pageId })
    expect(off).toMatchObject({ unsubscribedPageIds: [pageId] })
    await call('POST', '/_sim/act', { pageId, psid, act })
    const { json: on } = await call('POST', '/_sim/webhook/subscribe', {})
    expect(on).toMatchObject({
      unsubscribedPageIds: [],
      lost: 1,
      lostEvents: [{ pageId, field: 'messages', reason: 'page-unsubscribed' }],
    })
    await call('POST', '/_sim/act', { pageId, psid, act: { ...act, text: 'after' } })
    await call('GET', '/_sim/webhook/quiet')
    expect(receiver.items()).toMatchObject([{ message: { text: 'after' } }])
    const unknown = await call('POST', '/_sim/webhook/subscribe', { pageId: '9' })
    expect(unknown.status).toBe(404)
  })

  test('Meta and other apps do something', async () => {
    const event = { kind: 'echo', text: 'by a moderator' }
    const { json } = await call('POST', '/_sim/event', { pageId, psid, event, waitMs: 5_000 })
    expect(json).toMatchObject({ mid: expect.stringMatching(/^m_/), delivered: { posts: 1 } })
    const nobody = await call('POST', '/_sim/event', { pageId, event })
    expect(nobody.status).toBe(404)
    const { status, json: problem } = await call('POST', '/_sim/event', {
      pageId,
      event: { kind: 'earthquake' },
    })
    expect([status, String(problem.detail)]).toEqual([400, expect.stringContaining('event.kind')])
  })

  test('an echo of another app carries its id, and is no message of ours [S1-07]', async () => {
    const event = { kind: 'echo', text: 'by another app', appId: '4711' }
    await call('POST', '/_sim/event', { pageId, psid, event, waitMs: 5_000 })
    const echo = receiver.items().at(-1)
    expect(echo).toMatchObject({
      sender: { id: pageId },
      message: { is_echo: true, app_id: 4711, text: 'by another app' },
    })
    expect(simulator.truth({ psid }).deliveries).toEqual([])
  })

  test('a person who blocked the page cannot write, and is told how to go on', async () => {
    await call('POST', '/_sim/act', { pageId, psid, act: { kind: 'block' } })
    const act = { kind: 'message', text: 'Hi' }
    const { status, json } = await call('POST', '/_sim/act', { pageId, psid, act })
    expect([status, json.detail]).toEqual([409, expect.stringContaining('"unblock"')])
    await call('POST', '/_sim/act', { pageId, psid, act: { kind: 'unblock' } })
    expect((await call('POST', '/_sim/act', { pageId, psid, act })).status).toBe(200)
  })
})
