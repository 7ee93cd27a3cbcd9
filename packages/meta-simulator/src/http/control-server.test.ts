import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Simulator, startSimulator } from '../index.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'control', clock: { startAtMs: 0, running: false } })
})
afterAll(() => simulator.close())

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${simulator.simulatorUrl}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const json: Record<string, unknown> = JSON.parse(await answer.text())
  return { status: answer.status, type: answer.headers.get('content-type'), json }
}

describe('the control side', () => {
  test('does over HTTP what the process can do by itself', async () => {
    const pageId = simulator.pages[0]?.pageId ?? ''
    expect((await call('GET', '/_sim/pages')).json).toEqual({ pages: simulator.pages })
    const { json: added } = await call('POST', '/_sim/people', { pageId, name: 'Dee', psid: '55' })
    expect(added).toEqual({ people: [{ pageId, psid: '55', name: 'Dee' }] })
    const { json: asked } = await call('POST', '/_sim/ask', { pageId, psid: '55', payload: 'p' })
    expect(asked).toMatchObject({ psid: '55', requestMid: expect.stringMatching(/^m_/) })
    const { json: tapped } = await call('POST', '/_sim/tap', { pageId, psid: '55' })
    expect(tapped).toMatchObject({ psid: '55', payload: 'p', delivered: null })
    const act = { kind: 'message', text: 'Thanks' }
    expect((await call('POST', '/_sim/act', { pageId, psid: '55', act })).status).toBe(200)
    const { json: truth } = await call('GET', '/_sim/truth?psid=55')
    expect(truth).toMatchObject({ tokens: [{ token: tapped.token, state: 'ISSUED' }] })
    const knob = { deliver: true, answer: { kind: 'cut-json' } }
    expect((await call('POST', '/_sim/knobs', knob)).json).toMatchObject({ share: 1, times: null })
    expect((await call('DELETE', '/_sim/knobs')).json).toEqual({ knobs: [] })
    expect((await call('GET', '/_sim/webhook')).json).toMatchObject({ callbackUrl: null })
    const { json: switches } = await call('POST', '/_sim/switches', { echo: false })
    expect(switches).toMatchObject({ echo: false, echoOnTokenSend: true })
  })

  test.each([
    ['POST', '/_sim/tap', { pageId: 'x' }, 400, /pageId: must be a text/],
    ['POST', '/_sim/tap', { pageId: '9', payload: 'p' }, 404, /GET \/_sim\/pages/],
    ['POST', '/_sim/knobs', { deliver: true }, 400, /answer/],
    ['POST', '/_sim/ask', { pageId: '1', payload: 'p', colour: 1 }, 400, /colour/],
    ['PUT', '/_sim/webhook', { callbackUrl: 'nowhere' }, 400, /callbackUrl/],
    ['POST', '/_sim/batch', { entry: [] }, 409, /nobody has registered/],
    [
      'POST',
      '/clock',
      { advanceMs: -5 },
      400,
      /advanceMs: must be 1 or more: the clock never goes back/,
    ],
    ['POST', '/clock/confirm', { follower: 'x', revision: 1 }, 404, /nobody follows as x/],
  ])('%s %s with %j says what is wrong', async (method, path, body, status, detail) => {
    const answer = await call(method, path, body)
    expect(answer).toMatchObject({ status, type: expect.stringContaining('problem+json') })
    expect(answer.json.detail).toMatch(detail)
  })

  test('refuses what the Send API refuses, and shows its answer', async () => {
    const pageId = simulator.pages[1]?.pageId ?? ''
    const ask = { pageId, payload: 'p', writesFirst: false }
    const answer = await call('POST', '/_sim/ask', ask)
    expect(answer.status).toBe(409)
    expect(answer.json.detail).toContain('2018278')
  })
})
