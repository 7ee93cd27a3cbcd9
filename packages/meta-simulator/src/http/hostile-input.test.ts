import { afterAll, beforeAll, expect, test } from 'vitest'

import { post } from '../../test/send.ts'
import { type Simulator, startSimulator } from '../index.ts'

const UNREADABLE = { toString: 1 }
const DEEP = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`

let simulator: Simulator
let psid: string
let pageId: string
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'hostile', limits: {} })
  pageId = simulator.pages[0]?.pageId ?? ''
  psid = simulator.people(pageId)[0]?.psid ?? ''
  simulator.act({ pageId, psid, act: { kind: 'message', text: 'Hi' } })
})
afterAll(() => simulator.close())

const template = (payload: unknown) => ({ attachment: { type: 'template', payload } })
const button = (type: unknown) =>
  template({ template_type: 'button', text: 'Hi', buttons: [{ type }] })

test.each([
  ['a template named like what every object has', template({ template_type: 'constructor' })],
  ['a template named by the prototype', template({ template_type: '__proto__' })],
  ['a template whose name is no text', template({ template_type: UNREADABLE })],
  ['a button of an inherited name', button('constructor')],
  ['a button whose type is no text', button(UNREADABLE)],
])('%s is refused and the judge goes on', async (_what, message) => {
  const body = JSON.stringify({ recipient: { id: psid }, message })
  expect((await post(simulator, { body })).code).toMatch(/^100/)
})

test('a body that nests too deep to be written again is refused, on both sides', async () => {
  const body = `{"recipient":{"id":"${psid}"},"message":{"text":"Hi","more":${DEEP}}}`
  expect((await post(simulator, { body })).code).toBe('100')
  const event = `{"kind":"change","field":"feed","value":${DEEP}}`
  const answer = await fetch(`${simulator.simulatorUrl}/_sim/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"pageId":"${pageId}","event":${event}}`,
  })
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('too deep')])
})

test('a recipient that is no text is refused where limits count it', async () => {
  const recipient = { one_time_notif_token: UNREADABLE }
  const body = JSON.stringify({ recipient, message: { text: 'Hi' } })
  expect((await post(simulator, { body })).code).toBe('100')
})

test.each([
  ['fields of a page', 'GET', '/me?fields=constructor'],
  ['fields that are no texts', 'POST', '/me/subscribed_apps?subscribed_fields=[{"toString":1}]'],
  [
    'a client that is no text',
    'GET',
    '/oauth/access_token?grant_type=fb_exchange_token&client_id={"toString":1}&client_secret=s',
  ],
])('%s that cannot be are refused', async (_what, method, path) => {
  const url = new URL(`${simulator.graphUrl}/v21.0${path}`)
  url.searchParams.set('access_token', simulator.pages[0]?.accessToken ?? '')
  expect((await fetch(url, { method })).status).toBe(400)
})
