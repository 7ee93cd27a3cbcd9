import { connect } from 'node:net'
import { appError } from '@otn/kernel'
import { Agent, request } from 'undici'
import { afterEach, describe, expect, test } from 'vitest'
import { createLog } from '../telemetry/log.ts'
import { authorize } from './authorize.ts'
import { createHttpServer, defaultHttpLimits, type HttpServer } from './server.ts'

const log = createLog({ service: 'test', level: 'silent' })
let app: HttpServer | undefined
afterEach(() => app?.close())

async function listening(prepare: (app: HttpServer) => void, more = {}): Promise<string> {
  const limits = { ...defaultHttpLimits, requestTimeoutMs: 1_000, bodyBytesMax: 64, ...more }
  app = createHttpServer({ log, limits })
  prepare(app)
  return app.listen({ port: 0, host: '127.0.0.1' })
}

/** Opens a connection, sends some bytes, and tells how the server ended it. */
function halfSaid(url: string, bytes: string): Promise<string> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname, () => socket.write(bytes))
  return new Promise((resolve) => {
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.once('close', () => resolve(answer))
  })
}

describe('the HTTP server', () => {
  test('ends a body and a head that never finish', async () => {
    const url = await listening((server) => server.post('/x', async () => 'ok'))
    const head = 'POST /x HTTP/1.1\r\nhost: h\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n'
    const [body, noEnd] = await Promise.all([halfSaid(url, `${head}\r\n12`), halfSaid(url, head)])
    expect(body).toContain('408')
    expect(noEnd).toContain('408')
  })

  test('refuses a body that is nested too deep, before anything walks it', async () => {
    const prepare = (server: HttpServer) => server.post('/x', async () => 'ok')
    const url = await listening(prepare, { bodyBytesMax: 4_000_000 })
    const headers = { 'content-type': 'application/json' }
    const post = (body: string) => request(`${url}/x`, { method: 'POST', headers, body })
    const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`
    expect((await post(nested(32))).statusCode).toBe(200)
    const deep = await post(nested(1_900_000))
    expect(deep.statusCode).toBe(400)
    expect(await deep.body.json()).toMatchObject({ detail: expect.stringContaining('32 levels') })
  })

  test('answers errors as problem documents that say whether a retry helps', async () => {
    const url = await listening((server) => {
      server.get('/away', async () => {
        throw appError('OTN_BUS_UNREACHABLE', { message: 'host-7 is away' })
      })
      server.get('/bug', async () => {
        throw new Error('with a secret in it')
      })
    })
    const away = await request(`${url}/away`)
    expect([away.statusCode, away.headers['retry-after']]).toEqual([503, '1'])
    expect(away.headers['content-type']).toContain('application/problem+json')
    expect(await away.body.json()).toMatchObject({ code: 'OTN_BUS_UNREACHABLE', retryable: true })
    const bug = await request(`${url}/bug`)
    const said = await bug.body.text()
    expect([bug.statusCode, said.includes('secret')]).toEqual([500, false])
  })

  test('says which scope a key lacks, and asks for a key where none came', async () => {
    const url = await listening((server) =>
      server.get('/x', { preHandler: authorize([], 'tokens:read') }, async () => 'ok'),
    )
    const { statusCode, headers, body } = await request(`${url}/x`)
    expect([statusCode, headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(await body.json()).toMatchObject({ code: 'OTN_HTTP_UNAUTHENTICATED' })
  })

  test('refuses a body above the limit', async () => {
    const url = await listening((server) => server.post('/x', async () => 'ok'))
    const { statusCode } = await request(`${url}/x`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify('x'.repeat(100)),
    })
    expect(statusCode).toBe(413)
  })

  test('a close answers the request in flight and does not wait for idle connections', async () => {
    const gate = Promise.withResolvers<void>()
    const url = await listening((server) => {
      server.get('/idle', async () => 'ok')
      server.get('/slow', async () => {
        await gate.promise
        return 'done'
      })
    })
    const dispatcher = new Agent({ keepAliveTimeout: 60_000 })
    await (await request(`${url}/idle`, { dispatcher })).body.dump()
    const slow = request(`${url}/slow`, { dispatcher })
    await new Promise((resolve) => app?.server.once('request', resolve))
    const closed = app?.close()
    gate.resolve()
    const answer = await slow
    expect([answer.statusCode, await answer.body.text()]).toEqual([200, 'done'])
    await closed
    await dispatcher.close()
  })
})
