import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { BODY, clientOf, ONE_TIME_TOKEN, PAGE_TOKEN, PROOF, refuseSecrets } from '../test/call.ts'
import { httpStandIn } from '../test/stand-in.ts'
import { createGraphClient } from './send.ts'
import { buildThreadControl, isDone } from './thread-control.ts'

const SUCCESS = '{"recipient_id":"2000","message_id":"m_1"}'
const BODY_BYTES_READ = 64 * 1024
const DONE = { seen: 'answered', status: 200, headers: {}, bodyBytes: 1, bodyCut: false } as const

interface SeenRequest {
  readonly line: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A Graph host that keeps what it was asked and answers each time the same. */
async function keepingStandIn() {
  const requests: SeenRequest[] = []
  const server = await httpStandIn(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`
    requests.push({ line, headers: request.headers, body: Buffer.concat(chunks).toString() })
    response.setHeader('content-type', 'application/json; charset=UTF-8').end(SUCCESS)
  })
  return { server, requests }
}

describe('the call', () => {
  test('is one POST to me/messages of the version, with bearer token, proof and the body as given [S0-17]', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url)
    await graph.send()
    expect(requests).toEqual([
      {
        line: `POST /v21.0/me/messages?appsecret_proof=${PROOF} HTTP/1.1`,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          authorization: `Bearer ${PAGE_TOKEN}`,
          connection: 'keep-alive',
          'content-length': `${BODY.length}`,
          'content-type': 'application/json',
          host: `127.0.0.1:${server.port}`,
        },
        body: BODY,
      },
    ])
  })

  test('about control of a thread goes to its own edge, otherwise the same [S1-08]', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url)
    const body = buildThreadControl({ psid: new Secret('2000'), metadata: 'm' })
    await graph.send({ edge: 'request_thread_control', body })
    const [asked] = requests
    expect(asked?.line).toBe(
      `POST /v21.0/me/request_thread_control?appsecret_proof=${PROOF} HTTP/1.1`,
    )
    expect(asked?.body).toBe('{"recipient":{"id":"2000"},"metadata":"m"}')
    const answers = ['{"success":true}', '{"success":"true"}', '{"success":false}', '{}', '[]']
    const seen = answers.map((text) => isDone({ ...DONE, json: JSON.parse(text) }))
    expect(seen).toEqual([true, true, false, false, false])
    expect(isDone({ ...DONE, status: 400, json: { success: true } })).toBe(false)
    expect(isDone({ seen: 'unknown', cause: 'reset', status: 200 })).toBe(false)
  })

  test('keeps the connection for the next one', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url, { connections: 1 })
    for (let call = 0; call < 20; call += 1) await graph.send()
    expect(requests).toHaveLength(20)
    expect(server.connections()).toBe(1)
  })

  test('respects a path in front of the version', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(`${server.url}/graph/`)
    await graph.send()
    expect(requests[0]?.line).toMatch(/^POST \/graph\/v21\.0\/me\/messages\?/)
  })

  test('never opens more connections than allowed, and each call is made once', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url, { connections: 3 })
    const bodies = Array.from({ length: 300 }, (_, call) => `{"call":${call}}`)
    const seen = await Promise.all(bodies.map((body) => graph.send({ body })))
    expect(seen.every((one) => one.seen === 'answered' && one.status === 200)).toBe(true)
    expect(requests.map(({ body }) => body).sort()).toEqual([...bodies].sort())
    expect(server.connections()).toBeLessThanOrEqual(3)
  })
})

describe('the answer', () => {
  test('is told with status, parsed body and its size', async () => {
    const { server } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url)
    expect(await graph.send()).toMatchObject({
      seen: 'answered',
      status: 200,
      json: { recipient_id: '2000', message_id: 'm_1' },
      bodyBytes: SUCCESS.length,
      bodyCut: false,
    })
  })

  test('keeps the headers that pace us and no other', async () => {
    await using server = await httpStandIn((_request, response) => {
      response.writeHead(400, [
        ['X-App-Usage', '{"call_count":28}'],
        ['X-App-Usage', '{"call_count":29}'],
        ['Retry-After', '7'],
        ['Set-Cookie', 'a=b'],
        ['WWW-Authenticate', 'OAuth "x"'],
      ])
      response.end('{}')
    })
    await using graph = clientOf(server.url)
    const seen = await graph.send()
    if (seen.seen !== 'answered') throw new Error('not answered')
    expect(Object.keys(seen.headers).sort()).toEqual(['date', 'retry-after', 'x-app-usage'])
    expect(seen.headers['x-app-usage']?.join()).toContain('{"call_count":29}')
  })

  test('is read up to 64 KiB: that much whole, one byte more is cut', async () => {
    const sizes = [BODY_BYTES_READ, BODY_BYTES_READ + 1, 10 * BODY_BYTES_READ]
    for (const size of sizes) {
      await using server = await httpStandIn((_request, response) => {
        response.end(`"${'x'.repeat(size - 2)}"`)
      })
      await using graph = clientOf(server.url)
      const bodyCut = size > BODY_BYTES_READ
      const json = bodyCut ? null : expect.stringMatching(/^x+$/)
      expect(await graph.send()).toMatchObject({ bodyCut, json, bodyBytes: BODY_BYTES_READ })
    }
  })

  test('that redirects is not followed: no other host learns token or proof', async () => {
    const { server: other, requests } = await keepingStandIn()
    await using _ = other
    await using server = await httpStandIn((_request, response) => {
      response.writeHead(307, { location: `${other.url}/v21.0/me/messages` }).end()
    })
    await using graph = clientOf(server.url)
    expect(await graph.send()).toMatchObject({ seen: 'answered', status: 307, json: null })
    expect(requests).toEqual([])
  })

  test('in HTML, or in bytes that are no UTF-8, has no JSON', async () => {
    const bodies = [Buffer.from('<html>Bad Gateway</html>'), Buffer.from([0x22, 0xff, 0x22])]
    for (const body of bodies) {
      await using server = await httpStandIn((_request, response) => {
        response.writeHead(502).end(body)
      })
      await using graph = clientOf(server.url)
      expect(await graph.send()).toMatchObject({ seen: 'answered', status: 502, json: null })
    }
  })

  test('that echoes what we sent brings no secret back, in texts, names or headers [S0-17]', async () => {
    await using server = await httpStandIn((request, response) => {
      const token = `${ONE_TIME_TOKEN} ${ONE_TIME_TOKEN}`
      const told = { url: request.url, all: [request.headers], token }
      response.setHeader('x-fb-trace-id', `${request.headers.authorization}`)
      const escaped = JSON.stringify(told).replaceAll('/', '\\/')
      response.end(`{"told":${escaped},"named":{"${PAGE_TOKEN}":1},"message_id":"m_1"}`)
    })
    await using graph = clientOf(server.url)
    const seen = await graph.send()
    expect(seen).toMatchObject({ json: { message_id: 'm_1', named: null } })
    expect(seen).toMatchObject({ headers: { 'x-fb-trace-id': ['Bearer [masked]'] } })
  })
})

describe('a wrong input', () => {
  test('of the version is refused before anything is sent', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url)
    for (const version of ['', '21.0', 'v21', 'v21.0/../x', 'v21.0?a=b']) {
      const error = await graph.send({ version }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'OTN_CONFIG_INVALID' })
      refuseSecrets(error)
    }
    expect(requests).toEqual([])
  })

  test('of the page access token is told as certainly not sent', async () => {
    const { server, requests } = await keepingStandIn()
    await using _ = server
    await using graph = clientOf(server.url)
    for (const token of ['', 'a\r\nx-injected: 1', 'ä', 'a b']) {
      const seen = await graph.send({ pageAccessToken: new Secret(token) })
      expect(seen).toEqual({ seen: 'not-sent', cause: 'page-token-invalid' })
    }
    expect(requests).toEqual([])
  })

  test('of the address is refused at the start, and not printed', () => {
    const credentials = ['http://user:hidden@graph', 'http://hidden@graph', 'http://:hidden@graph']
    const wrong = [
      '',
      'graph',
      'ftp://graph',
      ...credentials,
      'http://graph/?a=hidden',
      'http://g#a',
    ]
    for (const baseUrl of wrong) {
      const create = () => createGraphClient({ baseUrl, connections: 1 })
      expect(create).toThrow(/^Graph client: baseUrl (?!.*hidden)/)
    }
  })
})
