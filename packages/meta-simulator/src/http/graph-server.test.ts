import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startReceiver } from '../../test/receiver.ts'
import { post, sendWithToken } from '../../test/send.ts'
import { type Simulator, startSimulator } from '../index.ts'

let simulator: Simulator
let pageId: string
let accessToken: string

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'graph' })
  ;({ pageId = '', accessToken = '' } = simulator.pages[0] ?? {})
})
afterAll(() => simulator.close())

const freshToken = async () => (await simulator.tap({ pageId, payload: 'p' })).token
const deliveriesOf = (token: string) => simulator.truth({ token }).deliveries.length

describe('an answer', () => {
  test('of success names person and message, as JSON of Meta’s content type', async () => {
    const { status, headers, text } = await sendWithToken(simulator, { token: await freshToken() })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json; charset=UTF-8')
    expect(text).toMatch(/^\{"recipient_id":"2\d{16}","message_id":"m_[\w-]{86}"\}$/)
  })

  test('of failure escapes slashes on the wire and carries a trace id', async () => {
    const psid = simulator.people(pageId)[0]?.psid
    const body = JSON.stringify({ recipient: { id: psid }, message: { text: 'Hi' } })
    const { status, headers, text, code } = await post(simulator, { body })
    expect([status, code]).toEqual([400, '10/2018278'])
    expect(text).toContain('https:\\/\\/developers.facebook.com\\/docs')
    expect(text).toMatch(/"fbtrace_id":"[\w+/\\]{11,}"\}\}$/)
    expect(headers.get('www-authenticate')).toMatch(/^OAuth "Facebook Platform" "invalid_request"/)
  })

  test('comes to every path, method and body, however broken', async () => {
    const from = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${simulator.graphUrl}${path}`, init)
      return [answer.status, (await answer.text()).includes('"fbtrace_id"')]
    }
    const bearer = { authorization: `Bearer ${accessToken}` }
    expect(await from('/')).toEqual([400, true])
    expect(await from('/%zz/me?%zz')).toEqual([400, true])
    expect(await from('/v21.0/me/messages', { method: 'PUT', headers: bearer })).toEqual([
      400,
      true,
    ])
    const broken = { method: 'POST', headers: bearer, body: '{"recipient":' }
    expect(await from('/v21.0/me/messages', broken)).toEqual([400, true])
    const huge = { method: 'POST', headers: bearer, body: 'x'.repeat(2 * 1024 * 1024) }
    expect(await from('/v21.0/me/messages', huge)).toEqual([400, true])
  })
})

describe('a knob', () => {
  test('delivers and cuts the connection: the caller cannot know, the truth does', async () => {
    const token = await freshToken()
    simulator.addKnob({ token, times: 1, deliver: true, answer: { kind: 'cut-connection' } })
    await expect(sendWithToken(simulator, { token })).rejects.toThrow('fetch failed')
    expect(deliveriesOf(token)).toBe(1)
    expect((await sendWithToken(simulator, { token })).code).toBe('100')
    expect(simulator.truth({ token }).tokens[0]).toMatchObject({ state: 'SPENT', calls: 2 })
  })

  test('cuts the connection without delivering: the next call succeeds', async () => {
    const token = await freshToken()
    simulator.addKnob({ token, times: 1, deliver: false, answer: { kind: 'cut-connection' } })
    await expect(sendWithToken(simulator, { token })).rejects.toThrow('fetch failed')
    expect(deliveriesOf(token)).toBe(0)
    expect((await sendWithToken(simulator, { token })).code).toBe('ok')
    const outcomes = simulator.truth({ token }).calls.map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['not-judged', 'delivered'])
  })

  test.each([
    ['5xx', { kind: 'empty', status: 500 }, [500, 'ok']],
    ['1/1357046', { kind: 'error', status: 500, code: 1, subcode: 1357046 }, [500, '1/1357046']],
    ['HTML', { kind: 'html' }, [502, 'ok']],
    ['torn JSON', { kind: 'cut-json' }, [200, 'ok']],
    ['a rate limit', { kind: 'throttle', code: 613 }, [400, '613']],
  ] as const)('delivers and answers %s', async (_name, answer, expected) => {
    const token = await freshToken()
    simulator.addKnob({ token, times: 1, deliver: true, answer })
    const { status, code } = await sendWithToken(simulator, { token })
    expect([status, code]).toEqual(expected)
    expect(deliveriesOf(token)).toBe(1)
  })

  test('lets the message out before a late answer, or judges late', async () => {
    const token = await freshToken()
    const genuine = { kind: 'genuine' } as const
    simulator.addKnob({ token, deliver: true, waitBeforeMs: 20, waitAfterMs: 20, answer: genuine })
    expect((await sendWithToken(simulator, { token })).code).toBe('ok')
    simulator.clearKnobs()
    expect(simulator.knobs()).toEqual([])
  })

  test('leaves other pages alone', async () => {
    const { token } = await simulator.tap({
      pageId: simulator.pages[1]?.pageId ?? '',
      payload: 'p',
    })
    simulator.addKnob({ pageId, deliver: false, answer: { kind: 'error', code: 368 } })
    expect((await sendWithToken(simulator, { token, pageIndex: 1 })).code).toBe('ok')
    expect((await sendWithToken(simulator, { token: await freshToken() })).code).toBe('368')
    simulator.clearKnobs()
  })
})

describe('a knob by its name', () => {
  test.each([
    ['delivered-then-5xx', 500, 1],
    ['delivered-answer-lost', 500, 1],
    ['5xx', 500, 0],
    ['throttled', 400, 0],
    ['torn-json', 200, 1],
    ['html-from-a-proxy', 502, 0],
    ['blocked', 400, 0],
    ['page-restricted', 400, 0],
  ])('%s answers %i and delivers %i messages', async (name, status, delivered) => {
    const token = await freshToken()
    simulator.addKnob({ name, token, times: 1 })
    expect((await sendWithToken(simulator, { token })).status).toBe(status)
    expect(deliveriesOf(token)).toBe(delivered)
  })

  test.each([
    ['delivered-then-cut', 1],
    ['cut', 0],
  ])('%s gives no answer and delivers %i messages', async (name, delivered) => {
    const token = await freshToken()
    simulator.addKnob({ name, token, times: 1 })
    await expect(sendWithToken(simulator, { token })).rejects.toThrow('fetch failed')
    expect(deliveriesOf(token)).toBe(delivered)
  })

  test('no-answer-at-all holds the call until the caller gives up', async () => {
    const token = await freshToken()
    simulator.addKnob({ name: 'no-answer-at-all', token, times: 1 })
    const call = fetch(`${simulator.graphUrl}/v21.0/me/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ recipient: { one_time_notif_token: token }, message: { text: 'x' } }),
      signal: AbortSignal.timeout(50),
    })
    await expect(call).rejects.toThrow('timeout')
    expect(deliveriesOf(token)).toBe(0)
  })

  test('strikes the calls of another edge where it says so', async () => {
    simulator.addKnob({ name: 'service-unavailable', edge: 'subscribed_apps', times: 1 })
    const follow = () =>
      fetch(`${simulator.graphUrl}/v21.0/me/subscribed_apps?access_token=${accessToken}`)
    expect((await sendWithToken(simulator, { token: await freshToken() })).code).toBe('ok')
    expect([(await follow()).status, (await follow()).status]).toEqual([500, 200])
  })
})

describe('an echo', () => {
  const echoesAfter = async (name: string, posts: number) => {
    const receiver = await startReceiver()
    const token = await freshToken()
    await simulator.registerWebhook({ callbackUrl: receiver.url })
    simulator.addKnob({ name, token, times: 1, echoDelayMs: 30 })
    await sendWithToken(simulator, { token })
    // A later event shows that nothing else was on its way.
    if (posts === 0) await freshToken()
    await receiver.came(Math.max(1, posts))
    await simulator.settled()
    await receiver.close()
    return receiver.items().filter((item) => 'message' in item).length
  }

  test.each([
    ['echo-present', 1],
    ['echo-absent', 0],
    ['echo-late', 1],
    ['echo-doubled', 2],
  ])('comes as %s says: %i times', async (name, count) => {
    expect(await echoesAfter(name, count)).toBe(count)
  })
})
