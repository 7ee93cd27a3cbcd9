/** What networks do between two who talk: late, in crumbs, torn, half over. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultProxy, faultProxy, waitFor } from '../src/index.ts'

/** One end of a connection, with what it got. */
interface End {
  readonly socket: Socket
  readonly chunks: Buffer[]
  hasFinished: boolean
  isClosed: boolean
}

/** The target says nothing of itself; its ends stand here in the order they came. */
const accepted: End[] = []
let server: Server
let proxy: FaultProxy

beforeAll(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => accepted.push(endOf(socket)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  proxy = await faultProxy({ target: `127.0.0.1:${port}` })
})
afterAll(async () => {
  await proxy.stop()
  server.close()
})
beforeEach(() => {
  proxy.heal()
  proxy.cut()
})

function endOf(socket: Socket): End {
  const end: End = { socket, chunks: [], hasFinished: false, isClosed: false }
  socket.on('data', (chunk) => end.chunks.push(chunk))
  socket.on('end', () => {
    end.hasFinished = true
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    end.isClosed = true
  })
  return end
}

/** Both ends of a new connection through the proxy. */
async function join(): Promise<{ readonly client: End; readonly target: End }> {
  const before = accepted.length
  const client = endOf(connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }))
  await once(client.socket, 'connect')
  const target = await waitFor(() => accepted[before], {
    timeoutMs: 90_000,
    describe: 'the connection to reach the target',
  })
  return { client, target }
}

const got = ({ chunks }: End): string => Buffer.concat(chunks).toString()

async function gets(end: End, text: string): Promise<void> {
  await waitFor(() => got(end) === text, { timeoutMs: 90_000, describe: `'${text}' to arrive` })
}

describe('a fault proxy', () => {
  test('makes bytes late each way, and lets none overtake them once it is mended', async () => {
    const { client, target } = await join()
    proxy.lag(300)
    const from = performance.now()
    client.socket.write('a')
    await gets(target, 'a')
    target.socket.write('b')
    await gets(client, 'b')
    expect(performance.now() - from).toBeGreaterThanOrEqual(590)
    await new Promise((resolve) => client.socket.write('c', resolve))
    // The proxy is in this process: whatever lies at its socket is read within a turn or two.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    proxy.heal()
    client.socket.write('d')
    await gets(target, 'acd')
  })

  test('hands bytes on one by one', async () => {
    const { client, target } = await join()
    proxy.slice()
    const text = 'a sentence of several words'
    client.socket.write(text)
    await gets(target, text)
    expect(target.chunks.length).toBeGreaterThan(text.length / 2)
    proxy.heal()
    client.socket.write('whole')
    await gets(target, `${text}whole`)
    expect(target.chunks.at(-1)?.toString()).toBe('whole')
  })

  test('cuts in the middle of a request, once', async () => {
    const { client, target } = await join()
    proxy.cutAfter(6)
    client.socket.write('abc')
    await gets(target, 'abc')
    client.socket.write('defghi')
    await waitFor(() => client.isClosed && target.isClosed, {
      timeoutMs: 90_000,
      describe: 'both ends to be cut',
    })
    expect(got(target)).toBe('abcdef')
    const next = await join()
    next.client.socket.write('abcdefghi')
    await gets(next.target, 'abcdefghi')
    expect(proxy.requestsCut()).toBe(1)
  })

  test('ends the answers alone: requests still arrive', async () => {
    const { client, target } = await join()
    proxy.halfClose('client')
    await waitFor(() => client.hasFinished, {
      timeoutMs: 90_000,
      describe: 'the client to be told',
    })
    target.socket.write('unheard')
    client.socket.write('heard')
    await gets(target, 'heard')
    expect([got(client), target.hasFinished]).toEqual(['', false])
  })

  test('ends the requests alone: answers still arrive', async () => {
    const { client, target } = await join()
    proxy.halfClose('target')
    await waitFor(() => target.hasFinished, {
      timeoutMs: 90_000,
      describe: 'the target to be told',
    })
    client.socket.write('unheard')
    target.socket.write('heard')
    await gets(client, 'heard')
    expect([got(target), client.hasFinished]).toEqual(['', false])
  })
})
