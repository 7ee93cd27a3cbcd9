import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sendWithToken } from '../../test/send.ts'
import { type Simulator, startSimulator } from '../index.ts'

const API_KEY = 'PLANTED_KEY'
const keys: (string | undefined)[] = []
/** Ledger and dispatcher that know nobody; they write down which key came. */
const services = createServer((request, response) => {
  keys.push(request.headers.authorization)
  response.end('{"items":[]}')
})
let simulator: Simulator
let pageId = ''
let psid = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => void services.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(services.address() as AddressInfo).port}`
  const knowledge = { ledgerUrl: url, dispatcherUrl: url, apiKey: API_KEY }
  simulator = await startSimulator({ seed: 'page', knowledge })
  pageId = simulator.pages[0]?.pageId ?? ''
  psid = simulator.people(pageId)[0]?.psid ?? ''
})
afterAll(async () => {
  await simulator.close()
  services.close()
})

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${simulator.simulatorUrl}${path}`, { headers })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

const state = (query = '') => get(`/page/state?page=${pageId}&person=${psid}${query}`)

describe('the page', () => {
  test('loads nothing from elsewhere: every file it names is served, under a policy', async () => {
    const { text, headers } = await get('/')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(text).not.toMatch(/https?:/)
    const named = [...text.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')
    expect(named.length).toBeGreaterThan(5)
    for (const path of named) expect((await get(path)).status, path).toBe(200)
  })

  test('serves its own files and no other', async () => {
    expect((await get('/page/page-routes.ts')).status).toBe(404)
    expect((await get('/page/..%2fpage-routes.ts')).status).toBe(404)
  })

  test('answers 304 until something changes', async () => {
    const tag = (await state()).headers.get('etag') ?? ''
    expect((await state()).headers.get('etag')).toBe(tag)
    const get304 = () => get(`/page/state?page=${pageId}&person=${psid}`, { 'if-none-match': tag })
    expect((await get304()).status).toBe(304)
    simulator.addPeople({ pageId, name: 'Dee' })
    expect((await get304()).status).toBe(200)
  })

  test('shows a call that was cut as one without an answer, and the message all the same', async () => {
    const { token } = await simulator.tap({ pageId, psid, payload: 'otn1:restock-1:' })
    simulator.addKnob({ token, times: 1, deliver: true, answer: { kind: 'cut-connection' } })
    await sendWithToken(simulator, { token }).catch(() => null)
    const shown = JSON.parse((await state('&show=c1')).text)
    expect(shown.person.tokens[0]).toMatchObject({ state: 'SPENT', calls: 1 })
    expect(shown.person.wire[0]).toMatchObject({ id: 'c1', outcome: 'no answer at all' })
    expect(shown.shown.answer).toContain('without a byte')
  })

  test('sends no credential to the browser, and keeps the key on its own side', async () => {
    const known = await get(`/page/knowledge?page=${pageId}&person=${psid}`)
    expect(keys).toContain(`Bearer ${API_KEY}`)
    const { text } = await state('&show=c1')
    const { accessToken = '' } = simulator.pages[0] ?? {}
    expect(text).toContain('Bearer $PAGE_ACCESS_TOKEN')
    for (const secret of [API_KEY, accessToken, simulator.appSecret, simulator.verifyToken]) {
      expect(`${known.text}${text}`).not.toContain(secret)
    }
  })

  test('offers the acts that the control side takes', async () => {
    const { acts } = JSON.parse((await state()).text).can
    expect(acts).toEqual(expect.arrayContaining(['message', 'read', 'reaction']))
    expect(acts).not.toContain('fly')
  })
})
