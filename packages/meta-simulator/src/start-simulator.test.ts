import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DAY_MS } from '@otn/kernel'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { type Receiver, startReceiver } from '../test/receiver.ts'
import { post, sendWithToken } from '../test/send.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from './index.ts'

let receiver: Receiver
const running: Simulator[] = []

beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()))
  await receiver.close()
})

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const webhooks = { callbackUrl: receiver.url, ...options.webhooks }
  const simulator = await startSimulator({ seed: 'start', ...options, webhooks })
  running.push(simulator)
  return simulator
}

const firstPageOf = ({ pages }: Simulator) => pages[0]?.pageId ?? ''

describe('the walk', () => {
  test('from request to tap to message tells the app each step, signed [S0-14]', async () => {
    const simulator = await start()
    const pageId = firstPageOf(simulator)
    const asked = simulator.ask({ pageId, title: 'Tell you?', payload: 'otn1:restock:青い/1' })
    const tapped = await simulator.tap({ pageId, waitMs: 5_000 })
    expect(tapped).toMatchObject({ psid: asked.psid, payload: 'otn1:restock:青い/1' })
    expect(tapped.delivered).toMatchObject({ posts: 1 })
    const body = JSON.stringify({
      recipient: { one_time_notif_token: tapped.token },
      message: { text: 'Back!', metadata: 'otn1.c-1' },
    })
    expect((await post(simulator, { body })).code).toBe('ok')
    await simulator.settled()
    expect(receiver.items()).toMatchObject([
      { sender: { id: asked.psid }, message: { text: 'Hello' } },
      { sender: { id: pageId }, message: { is_echo: true, mid: asked.requestMid } },
      { optin: { type: 'one_time_notif_req', one_time_notif_token: tapped.token } },
      { message: { is_echo: true, app_id: 1517776481860111, metadata: 'otn1.c-1', text: 'Back!' } },
    ])
    for (const { body: bytes, headers } of receiver.posts) {
      const digest = createHmac('sha256', simulator.appSecret).update(bytes).digest('hex')
      expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`)
      expect(headers['x-hub-signature']).toMatch(/^sha1=[0-9a-f]{40}$/)
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'facebookexternalua',
      })
      expect(bytes.toString('latin1')).toMatch(/^[\u0020-\u007e]*$/)
    }
  })

  test('can be walked again and again with the same title: others are asked', async () => {
    const simulator = await start()
    const pageId = firstPageOf(simulator)
    const asked = Array.from({ length: 5 }, () => simulator.ask({ pageId, payload: 'p' }).psid)
    expect(new Set(asked).size).toBe(5)
  })

  test('is the same, byte for byte, for the same seed and the same calls', async () => {
    const clock = { startAtMs: 1_700_000_000_000, running: false }
    const runs = [await start({ clock }), await start({ clock })]
    const texts: string[] = []
    for (const simulator of runs) {
      const { token } = await simulator.tap({ pageId: firstPageOf(simulator), payload: 'p' })
      texts.push((await sendWithToken(simulator, { token })).text)
      texts.push((await sendWithToken(simulator, { token })).text)
      await simulator.settled()
    }
    expect(texts.slice(0, 2)).toEqual(texts.slice(2))
    const bodies = receiver.posts.map(({ body }) => body.toString())
    expect(bodies.slice(0, 2).toSorted()).toEqual(bodies.slice(2).toSorted())
  })
})

describe('a webhook', () => {
  test('comes again until it is answered 200, and equal taps are equal facts', async () => {
    const retry = {
      immediateRetries: 9,
      immediateDelayMs: 5,
      laterDelayMs: 5,
      laterFactor: 1,
      laterDelayMsMax: 5,
    }
    const simulator = await start({ webhooks: { retry, retryTime: 'machine' } })
    receiver.answerWith(503)
    const tap = { pageId: firstPageOf(simulator), psid: '777', payload: 'x', token: '4411' }
    const tapping = simulator.tap({ ...tap, timestampMs: 1458692752478, waitMs: 5_000 })
    await receiver.came(2)
    receiver.answerWith(null)
    await receiver.came(4)
    receiver.answerWith(200)
    expect((await tapping).delivered?.posts).toBeGreaterThanOrEqual(5)
    await simulator.tap({ ...tap, waitMs: 5_000 })
    expect(new Set(receiver.items().map((item) => JSON.stringify(item))).size).toBe(1)
    expect(simulator.truth().tokens).toHaveLength(1)
    expect(simulator.webhook().recentFaults[0]).toMatchObject({ status: 503 })
  })

  test('is not answered in time: it counts as failed', async () => {
    const simulator = await start({ webhooks: { answerTimeoutMs: 50 } })
    const silent = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const callbackUrl = `http://127.0.0.1:${port}/`
    await expect(simulator.registerWebhook({ callbackUrl })).rejects.toThrow(/no answer/)
    silent.close()
  })

  test('of any shape can be sent as one batch, signed well, badly or not at all', async () => {
    const simulator = await start()
    const entry = [{ id: '1', time: 1, messaging: [{ optin: { type: 'new_kind' } }, 7] }]
    expect(await simulator.sendBatch({ entry })).toMatchObject({ status: 200, fault: null })
    await simulator.sendBatch({ entry, signature: 'wrong' })
    await simulator.sendBatch({ entry, signature: 'none' })
    const [good, wrong, none] = receiver.posts
    expect(good?.body.toString()).toBe(`{"object":"page","entry":${JSON.stringify(entry)}}`)
    expect(wrong?.headers['x-hub-signature-256']).not.toBe(good?.headers['x-hub-signature-256'])
    expect(none?.headers['x-hub-signature-256']).toBeUndefined()
  })
})

describe('registering a callback', () => {
  test('asks it for the raw challenge with the verify token', async () => {
    await start({ verifyToken: 'v e/r' })
    const [url] = receiver.handshakes
    expect(url?.searchParams.get('hub.mode')).toBe('subscribe')
    expect(url?.searchParams.get('hub.verify_token')).toBe('v e/r')
    expect(url?.searchParams.get('hub.challenge')).toMatch(/^\d{10}$/)
  })

  test('fails when it echoes anything else, and the start fails with it', async () => {
    receiver.echo('"1234"')
    await expect(start()).rejects.toThrow(/callbackUrl could not be verified: it answered/)
  })
})

describe('a switch', () => {
  test('takes echoes away, all or those of token sends', async () => {
    const simulator = await start({ switches: { echoOnTokenSend: false } })
    const pageId = firstPageOf(simulator)
    simulator.ask({ pageId, payload: 'p' })
    const { token } = await simulator.tap({ pageId })
    await sendWithToken(simulator, { token })
    await simulator.settled()
    const echoes = () => receiver.items().filter(({ message }) => isEcho(message)).length
    expect(echoes()).toBe(1)
    simulator.setSwitches({ echo: false })
    simulator.ask({ pageId, payload: 'p', title: 'Another?' })
    await simulator.settled()
    expect(echoes()).toBe(1)
  })

  test('that does not exist is refused with the names of those that do', async () => {
    const simulator = await start()
    const answers = { 'token-lost': { code: 1 } }
    expect(() => simulator.setSwitches({ answers })).toThrow(
      /answers: names must be of .*token-spent/,
    )
    expect(simulator.switches().answers).toEqual({})
  })
})

describe('a journal', () => {
  test('gives the same world back after a restart, and never the same token twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'otn-journal-'))
    const journalFile = join(folder, 'facts.ndjson')
    const beganAtMs = Date.now()
    const first = await start({ journalFile })
    const pageId = firstPageOf(first)
    const spent = await first.tap({ pageId, payload: 'p' })
    const live = await first.tap({ pageId, payload: 'q' })
    await sendWithToken(first, { token: spent.token })
    await first.advance(DAY_MS)
    const { tokens, deliveries } = first.truth()
    await first.close()
    const second = await start({ journalFile })
    expect(second.truth()).toMatchObject({
      tokens: tokens.map(({ calls: _calls, ...token }) => token),
      deliveries,
    })
    expect(second.people()).toEqual(first.people())
    expect((await sendWithToken(second, { token: live.token })).code).toBe('ok')
    expect((await sendWithToken(second, { token: spent.token })).code).toBe('100')
    expect(second.nowMs()).toBeGreaterThanOrEqual(beganAtMs + DAY_MS)
    const { token } = await second.tap({ pageId, payload: 'r' })
    expect(tokens.map((row) => row.token)).not.toContain(token)
    const mids = second.truth().deliveries.map(({ mid }) => mid)
    expect([mids.length, new Set(mids).size]).toEqual([2, 2])
    rmSync(folder, { recursive: true })
  })
})

describe('the start', () => {
  test('fails with the port in its message when somebody has it', async () => {
    const simulator = await start()
    const port = Number(new URL(simulator.graphUrl).port)
    await expect(start({ graphPort: port })).rejects.toThrow(`127.0.0.1:${port}`)
  })

  test('refuses an app id that echoes could not carry', async () => {
    await expect(start({ appId: '90071992547409930' })).rejects.toThrow(/appId/)
  })
})

test('a year passes in one jump: what was live is dead', async () => {
  const simulator = await start()
  const { token } = await simulator.tap({ pageId: firstPageOf(simulator), payload: 'p' })
  await simulator.advance(365 * DAY_MS)
  expect((await sendWithToken(simulator, { token })).code).toBe('100')
  expect(simulator.truth({ token }).tokens[0]?.state).toBe('EXPIRED')
})

function isEcho(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'is_echo' in message
}
