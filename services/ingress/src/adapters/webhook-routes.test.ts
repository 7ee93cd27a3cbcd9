import { createHttpServer, createLog } from '@otn/runtime'
import { describe, expect, test } from 'vitest'
import type { Answered, HandshakeRequest, WebhookRequest } from '../ports.ts'
import { serveWebhooks } from './webhook-routes.ts'

const LIMITS = { requestTimeoutMs: 2_000, bodyBytesMax: 4 * 1024 * 1024, connectionsMax: 10 }

async function door(refusal: string | null = null) {
  const posted: WebhookRequest[] = []
  const asked: HandshakeRequest[] = []
  const answered: Answered[] = []
  const app = createHttpServer({
    log: createLog({ service: 't', level: 'silent' }),
    limits: LIMITS,
  })
  await serveWebhooks(app, {
    serves: (appId) => appId === '77',
    onGet: (request) => {
      asked.push(request)
      return { outcome: 'accepted', challenge: request.challenge ?? '' }
    },
    onPost: async (request) => {
      posted.push(request)
      return 1
    },
    refusal: () => refusal,
    onAnswered: (one) => void answered.push(one),
  })
  return { app, posted, asked, answered }
}

describe('the webhook routes', () => {
  test.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['no type at all'],
  ])('hand over the bytes that came, whatever their type: %s', async (type) => {
    const { app, posted } = await door()
    const payload = Buffer.from([0x7b, 0x22, 0xff, 0x00, 0x0d, 0x0a])
    const headers = { 'content-type': type, 'x-hub-signature-256': 'sha256=a' }
    const answer = await app.inject({ method: 'POST', url: '/webhook', headers, payload })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe('received')
    expect(posted[0]?.body?.equals(payload)).toBe(true)
    expect(posted[0]?.headers['x-hub-signature-256']).toBe('sha256=a')
  })

  test('hand over a body sent without any content type', async () => {
    const { app, posted } = await door()
    await app.inject({ method: 'POST', url: '/webhook/77', payload: Buffer.from('x') })
    expect(posted[0]?.body?.toString()).toBe('x')
  })

  test('take 4 MiB and refuse a byte more with 413', async () => {
    const { app, posted } = await door()
    const post = (bytes: number) =>
      app.inject({ method: 'POST', url: '/webhook', payload: Buffer.alloc(bytes, 0x20) })
    expect((await post(LIMITS.bodyBytesMax)).statusCode).toBe(200)
    expect((await post(LIMITS.bodyBytesMax + 1)).statusCode).toBe(413)
    expect(posted).toHaveLength(1)
  })

  test('know one app by its id and no other', async () => {
    const { app, posted } = await door()
    const post = (url: string) => app.inject({ method: 'POST', url, payload: 'x' })
    expect((await post('/webhook/77')).statusCode).toBe(200)
    const unknown = await post('/webhook/78')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.headers['content-type']).toContain('application/problem+json')
    expect((await app.inject('/webhook/78?hub.mode=subscribe')).statusCode).toBe(404)
    expect(posted.map(({ appId }) => appId)).toEqual(['77'])
  })

  test('refuse before the body is read while nothing can be taken', async () => {
    const { app, posted } = await door('too many webhooks wait')
    const answer = await app.inject({ method: 'POST', url: '/webhook', payload: 'x' })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(posted).toEqual([])
  })

  test('echo a challenge as plain text that no browser takes for more [S1-41]', async () => {
    const { app, asked } = await door()
    const query = 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=v'
    const answer = await app.inject(`/webhook?${query}`)
    expect(answer.body).toBe('1158201444')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    await app.inject('/webhook?hub.mode=a&hub.mode=b')
    const none = { mode: null, challenge: null, verifyToken: null }
    expect(asked[1]).toEqual({ appId: null, ...none })
    await app.inject('/webhook/77')
    expect(asked[2]).toEqual({ appId: '77', ...none })
  })
})
