/**
 * Clients that nobody here wrote, unchanged except for their base address: what they send is taken,
 * and what the simulator sends passes their check.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import messengerSdk from 'messaging-api-messenger'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error The library has no types of its own.
import untyped from 'x-hub-signature'
import { type Simulator, startSimulator } from './index.ts'

interface XHubSignature {
  new (algorithm: string, secret: string): { verify(signature: string, body: Buffer): boolean }
}
const XHub: XHubSignature = untyped

describe('the SDK messaging-api-messenger', () => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await startSimulator({ seed: 'sdk' })
  })
  afterAll(() => simulator.close())

  const page = () => simulator.pages[0] ?? { pageId: '', accessToken: '' }
  const client = (accessToken = page().accessToken) =>
    new messengerSdk.MessengerClient({
      ...{ accessToken, version: '21.0', origin: simulator.graphUrl },
      ...{ appId: simulator.appId, appSecret: simulator.appSecret },
    })
  const person = async () => {
    const { pageId } = page()
    const [{ psid } = { psid: '' }] = simulator.people(pageId)
    await simulator.act({ pageId, psid, act: { kind: 'message', text: 'hi' } })
    return psid
  }

  test('[S0-04] asks for permission, and sends the one message that was permitted', async () => {
    const psid = await person()
    const asked = await client().sendOneTimeNotifReqTemplate(psid, {
      title: 'When it is back in stock?',
      payload: 'otn1:restock-1234:',
    })
    expect(asked.messageId).toMatch(/^m_/)
    const { token } = await simulator.tap({ pageId: page().pageId, psid })
    const sent = await client().sendText({ oneTimeNotifToken: token }, 'It is back.')
    expect(sent.messageId).toMatch(/^m_/)
    const again = client().sendText({ oneTimeNotifToken: token }, 'It is back!')
    await expect(again).rejects.toThrow(/100/)
    expect(simulator.truth({ token }).deliveries).toHaveLength(1)
  })

  test('sends text and a template to a person inside the window', async () => {
    const psid = await person()
    const button = { type: 'postback', title: 'Tell me', payload: 'TELL' } as const
    const sent = [
      await client().sendText(psid, 'Hello.'),
      await client().sendButtonTemplate(psid, 'What next?', [button]),
      await client().sendGenericTemplate(psid, [{ title: 'A jacket', subtitle: 'Blue' }]),
    ]
    expect(sent.map(({ recipientId }) => recipientId)).toEqual([psid, psid, psid])
    const messages = simulator.truth({ psid }).deliveries.map(({ message }) => message)
    expect(messages.slice(-3)).toMatchObject([
      { text: 'Hello.' },
      { attachment: { payload: { template_type: 'button' } } },
      { attachment: { payload: { template_type: 'generic' } } },
    ])
  })

  test('is refused with another page’s token, in words that it understands', async () => {
    const psid = await person()
    const elsewhere = client(simulator.pages[1]?.accessToken).sendText(psid, 'Hello.')
    await expect(elsewhere).rejects.toThrow(/No matching user found/)
  })
})

describe('the library x-hub-signature', () => {
  test('[S1-44] accepts every delivery by both signatures, and none under another secret', async () => {
    const posts: { readonly body: Buffer; readonly message: IncomingMessage }[] = []
    const receiver = createServer((message, response) => {
      if (message.method === 'GET') {
        response.end(new URL(`http://h${message.url}`).searchParams.get('hub.challenge'))
        return
      }
      void buffer(message).then((body) => {
        posts.push({ body, message })
        response.end()
      })
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as AddressInfo
    const callbackUrl = `http://127.0.0.1:${port}/webhook`
    const simulator = await startSimulator({ seed: 'hub', webhooks: { callbackUrl } })
    const { pageId } = simulator.pages[0] ?? { pageId: '' }
    for (const payload of ['plain', '入荷したら通知', '🎉 <b>50 % off</b> @ shop/1', 'äöå']) {
      await simulator.tap({ pageId, payload, waitMs: 10_000 })
    }
    expect(posts.length).toBeGreaterThanOrEqual(4)
    const verdicts = (secret: string) =>
      posts.flatMap(({ body, message: { headers } }) => [
        new XHub('sha256', secret).verify(String(headers['x-hub-signature-256']), body),
        new XHub('sha1', secret).verify(String(headers['x-hub-signature']), body),
      ])
    expect(new Set(verdicts(simulator.appSecret))).toEqual(new Set([true]))
    expect(new Set(verdicts('another secret'))).toEqual(new Set([false]))
    await simulator.close()
    receiver.close()
  })
})
