import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FAKE_ENV, run } from '../fake-shell.ts'

/** An ingress that verifies as the real one does. */
function ingress() {
  const bodies: string[] = []
  const answer = async (request: Request) => {
    const body = Buffer.from(await request.arrayBuffer())
    const wanted = `sha256=${createHmac('sha256', 'test-app-secret').update(body).digest('hex')}`
    if (request.headers.get('x-hub-signature-256') !== wanted) {
      return new Response('', { status: 401 })
    }
    bodies.push(`${request.url} ${body.toString('ascii')}`)
    return new Response('')
  }
  return { bodies, answer }
}

const TRIGGER = 'trigger --page 1000 --psid 2000 --token 4400000000000001'

describe('otn trigger', () => {
  test('posts a webhook that verifies, and names the token it will become', async () => {
    const { bodies, answer } = ingress()
    const { code, out, err } = await run(`${TRIGGER} --topic restock-1234`, { answer })
    expect(code).toBe(0)
    expect(out).toContain('✔ taken  200')
    expect(bodies[0]).toContain('http://ingress/webhook {"object":"page"')
    expect(bodies[0]).toContain('"payload":"otn1:restock-1234:"')
    expect(err).toBe('next: pnpm otn explain 19342fe8002e6df3cf684809ae863aef\n')
  })

  test('repeats the very same webhook', async () => {
    const { bodies, answer } = ingress()
    await run(`${TRIGGER} --payload "free text" --times 3`, { answer })
    expect(bodies).toHaveLength(3)
    expect(new Set(bodies).size).toBe(1)
  })

  test('takes the first of several secrets, and prints none', async () => {
    const { bodies, answer } = ingress()
    const env = {
      OTN_INGRESS_URL: 'http://ingress',
      META_APP_SECRET: 'test-app-secret,older-secret',
    }
    const { out, err } = await run(`${TRIGGER} --topic a --json`, { answer, env })
    expect(bodies).toHaveLength(1)
    expect(out + err).not.toMatch(/test-app-secret|older-secret/)
  })

  test('with --bad-signature is good when the ingress refuses, bad when it does not', async () => {
    const refused = await run(`${TRIGGER} --topic a --bad-signature`, ingress())
    expect(refused.code).toBe(0)
    expect(refused.out).toContain('✔ refused  401')
    const answer = () => new Response('')
    expect((await run(`${TRIGGER} --topic a --bad-signature`, { answer })).code).toBe(5)
  })

  test('tells the stand-in for Meta of the token, so that it can be spent', async () => {
    const taps: unknown[] = []
    const { answer } = ingress()
    const both = async (request: Request) => {
      if (!request.url.startsWith('http://simulator')) return answer(request)
      taps.push(`${request.method} ${request.url}`, await request.json())
      return Response.json({})
    }
    const env = { ...FAKE_ENV, OTN_SIMULATOR_URL: 'http://simulator' }
    await run(`${TRIGGER} --topic a`, { answer: both, env })
    await run(`${TRIGGER} --topic a --bad-signature`, { answer: both, env })
    const tap = { pageId: '1000', psid: '2000', payload: 'otn1:a:', token: '4400000000000001' }
    const timestampMs = Date.UTC(2026, 10, 22, 8)
    expect(taps).toEqual(['POST http://simulator/_sim/tap', { ...tap, timestampMs }])
  })

  test('says so where the stand-in does not take it', async () => {
    const { answer } = ingress()
    const env = { ...FAKE_ENV, OTN_SIMULATOR_URL: 'http://simulator' }
    const refusing = (request: Request) =>
      request.url.startsWith('http://simulator')
        ? Response.json({}, { status: 404 })
        : answer(request)
    const { code, err } = await run(`${TRIGGER} --topic a`, { answer: refusing, env })
    expect(err).toContain('a notify with this token will be refused')
    expect(code).toBe(0)
  })
})
