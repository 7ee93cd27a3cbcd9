import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { clientOf } from '../test/call.ts'
import { deadUrl, httpStandIn, tcpStandIn } from '../test/stand-in.ts'

const SUCCESS = 'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"message_id":"m_1"}'
/** Short enough for a test, long enough for a busy machine. */
const SHORT_MS = 300

/** Answers each request, told by the end of its head and body, with what the test says. */
function onEachRequest(answer: (socket: Socket, request: number) => void) {
  let requests = 0
  const onConnection = (socket: Socket) => {
    let read = ''
    socket.on('data', (bytes) => {
      read += bytes
      if (!read.endsWith('}')) return
      read = ''
      requests += 1
      answer(socket, requests)
    })
  }
  return { onConnection, requests: () => requests }
}

describe('before the first byte it is certain that nothing was sent', () => {
  test('when nobody listens', async () => {
    await using graph = clientOf(await deadUrl())
    expect(await graph.send()).toEqual({ seen: 'not-sent', cause: 'refused' })
  })

  test('when the host has no address', async () => {
    // A label of 64 characters is no host name, so no name server is asked.
    await using graph = clientOf(`http://${'a'.repeat(64)}.invalid`)
    expect(await graph.send()).toEqual({ seen: 'not-sent', cause: 'dns' })
  })

  test('when the other side does not speak TLS, or hangs up in the handshake', async () => {
    await using plain = await httpStandIn((_request, response) => response.end())
    await using rude = await tcpStandIn((socket) => socket.once('data', () => socket.destroy()))
    for (const { port } of [plain, rude]) {
      await using graph = clientOf(`https://127.0.0.1:${port}`)
      expect(await graph.send()).toEqual({ seen: 'not-sent', cause: 'tls' })
    }
  })

  test('when the handshake does not end in time', async () => {
    await using server = await tcpStandIn(() => {})
    const timeouts = { connectMs: SHORT_MS }
    await using graph = clientOf(`https://127.0.0.1:${server.port}`, { timeouts })
    expect(await graph.send()).toEqual({ seen: 'not-sent', cause: 'connect-timeout' })
  })

  test('when no connection gets free in time: the call is not made later either', async () => {
    const asked: Socket[] = []
    const { onConnection, requests } = onEachRequest((socket) => asked.push(socket))
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url, { connections: 1, timeouts: { startMs: SHORT_MS } })
    const first = graph.send()
    expect(await graph.send()).toEqual({ seen: 'not-sent', cause: 'start-timeout' })
    asked[0]?.write(SUCCESS)
    expect(await first).toMatchObject({ seen: 'answered', status: 200 })
    await graph.client.close()
    expect(requests()).toBe(1)
  })

  test('when the caller withdraws at the last moment, also on a kept connection', async () => {
    const { onConnection, requests } = onEachRequest((socket) => socket.write(SUCCESS))
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url, { connections: 1 })
    await graph.send()
    const withdrawn = { seen: 'not-sent', cause: 'withdrawn' }
    expect(await graph.send({ mayStart: () => false })).toEqual(withdrawn)
    expect(await graph.send({ mayStart: () => true })).toMatchObject({ status: 200 })
    expect(requests()).toBe(2)
  })

  test('when the client was closed', async () => {
    await using graph = clientOf(await deadUrl())
    await graph.client.close()
    expect(await graph.send()).toEqual({ seen: 'not-sent', cause: 'closed' })
  })
})

describe('after the first byte the outcome is unknown', () => {
  const RESET = { seen: 'unknown', cause: 'reset', status: null }

  test('when the connection is reset before an answer; there is no second request', async () => {
    const { onConnection, requests } = onEachRequest((socket) => socket.resetAndDestroy())
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url)
    expect(await graph.send()).toEqual(RESET)
    expect(requests()).toBe(1)
  })

  test('when the connection ends without an answer', async () => {
    const { onConnection, requests } = onEachRequest((socket) => socket.end())
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url)
    expect(await graph.send()).toEqual(RESET)
    expect(requests()).toBe(1)
  })

  test('when a kept connection dies at the write; there is no second request', async () => {
    const { onConnection, requests } = onEachRequest((socket, request) => {
      if (request === 1) socket.write(SUCCESS)
      else socket.resetAndDestroy()
    })
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url, { connections: 1 })
    expect(await graph.send()).toMatchObject({ status: 200 })
    expect(await graph.send()).toEqual(RESET)
    expect(requests()).toBe(2)
    expect(server.connections()).toBe(1)
  })

  test('when no answer comes in time', async () => {
    const { onConnection, requests } = onEachRequest(() => {})
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url, { timeouts: { headersMs: SHORT_MS } })
    const seen = { seen: 'unknown', cause: 'headers-timeout', status: null }
    expect(await graph.send()).toEqual(seen)
    expect(requests()).toBe(1)
  })

  test('when the answer stops half-way', async () => {
    const { onConnection } = onEachRequest((socket) => socket.write(SUCCESS.slice(0, -5)))
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url, { timeouts: { bodyMs: SHORT_MS } })
    expect(await graph.send()).toEqual({ seen: 'unknown', cause: 'body-timeout', status: 200 })
  })

  test('when the answer drips so slowly that no pause is too long', async () => {
    const { onConnection } = onEachRequest((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    await using server = await tcpStandIn(onConnection)
    const timeouts = { bodyMs: 10 * SHORT_MS, totalMs: SHORT_MS }
    await using graph = clientOf(server.url, { timeouts })
    expect(await graph.send()).toEqual({ seen: 'unknown', cause: 'total-timeout', status: 200 })
  })

  test('when the answer is cut, by length or in chunks', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{"message_id":'
    for (const part of [SUCCESS.slice(0, -5), chunked]) {
      const { onConnection } = onEachRequest((socket) => socket.end(part))
      await using server = await tcpStandIn(onConnection)
      await using graph = clientOf(server.url)
      expect(await graph.send()).toEqual({ seen: 'unknown', cause: 'cut', status: 200 })
    }
  })

  test('when what comes is no HTTP, or has endless headers', async () => {
    const endless = `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(100_000)}`
    for (const noise of ['SSH-2.0-OpenSSH\r\n\r\n', endless]) {
      const { onConnection } = onEachRequest((socket) => socket.write(noise))
      await using server = await tcpStandIn(onConnection)
      await using graph = clientOf(server.url)
      expect(await graph.send()).toMatchObject({ seen: 'unknown', cause: 'malformed' })
    }
  })

  test('when the client is destroyed during the call', async () => {
    const asked = Promise.withResolvers<void>()
    const { onConnection } = onEachRequest(() => asked.resolve())
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url)
    const call = graph.send()
    await asked.promise
    await graph.client.destroy()
    expect(await call).toEqual({ seen: 'unknown', cause: 'aborted', status: null })
  })
})

describe('closing', () => {
  test('waits for the answer of a call under way', async () => {
    const asked = Promise.withResolvers<Socket>()
    const { onConnection } = onEachRequest((socket) => asked.resolve(socket))
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url)
    const call = graph.send()
    const socket = await asked.promise
    const closed = graph.client.close()
    socket.write(SUCCESS)
    expect(await call).toMatchObject({ seen: 'answered', json: { message_id: 'm_1' } })
    await closed
  })

  test('of a kept connection by the other side costs no call', async () => {
    const { onConnection, requests } = onEachRequest((socket) => socket.end(SUCCESS))
    await using server = await tcpStandIn(onConnection)
    await using graph = clientOf(server.url, { connections: 1 })
    for (let call = 0; call < 10; call += 1) {
      expect(await graph.send()).toMatchObject({ seen: 'answered', status: 200 })
    }
    expect(requests()).toBe(10)
  })
})
