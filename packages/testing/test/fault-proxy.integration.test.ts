import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultProxy, faultProxy, waitFor } from '../src/index.ts'

/** Sends back what it gets. */
let echo: Server
let target = 0
let proxy: FaultProxy

beforeAll(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const address = echo.address()
  target = typeof address === 'object' ? (address?.port ?? 0) : 0
  proxy = await faultProxy({ target: `127.0.0.1:${target}` })
})
afterAll(async () => {
  await proxy.stop()
  echo.close()
})
beforeEach(() => {
  proxy.heal()
  proxy.cut()
})

interface Client {
  readonly socket: Socket
  received(): string
  isClosed(): boolean
}

function knock(): Client {
  const socket = connect(proxy.port, '127.0.0.1')
  let received = ''
  let isClosed = false
  socket.on('data', (chunk) => {
    received += chunk.toString()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
  })
  return { socket, received: () => received, isClosed: () => isClosed }
}

async function client(): Promise<Client> {
  const one = knock()
  await once(one.socket, 'connect')
  return one
}

/** Time for bytes to come through, told by bytes that did: straight to the target and back. */
async function roundTrips(count: number): Promise<void> {
  const socket = connect(target, '127.0.0.1')
  for (let index = 0; index < count; index += 1) {
    socket.write('.')
    await once(socket, 'data')
  }
  socket.destroy()
}

async function gets(who: Client, text: string): Promise<void> {
  const describe = `the echo of ${text}`
  await waitFor(() => who.received() === text, { timeoutMs: 90_000, describe })
}

async function isCut(who: Client): Promise<void> {
  await waitFor(() => who.isClosed(), { timeoutMs: 90_000, describe: 'the connection to be cut' })
}

describe('a fault proxy', () => {
  test('passes on what it gets, also more than buffers hold', async () => {
    const one = await client()
    const text = 'x'.repeat(8_000_000)
    one.socket.write(text)
    await gets(one, text)
  })

  test('cuts open connections and welcomes new ones', async () => {
    const one = await client()
    one.socket.write('a')
    await gets(one, 'a')
    proxy.cut()
    await isCut(one)
    const two = await client()
    two.socket.write('b')
    await gets(two, 'b')
  })

  test('turns everybody away while it refuses', async () => {
    const one = await client()
    proxy.refuse()
    await isCut(one)
    await isCut(knock())
    proxy.heal()
    const two = await client()
    two.socket.write('c')
    await gets(two, 'c')
  })

  test('loses nothing over a stall, for connections from before and during it', async () => {
    const before = await client()
    before.socket.write('a')
    await gets(before, 'a')
    proxy.stall()
    before.socket.write('b')
    const during = await client()
    during.socket.write('c')
    await waitFor(() => proxy.connections() === 2, { timeoutMs: 90_000, describe: 'two clients' })
    await roundTrips(20)
    expect(before.received() + during.received()).toBe('a')
    proxy.heal()
    await gets(before, 'ab')
    await gets(during, 'c')
  })

  test('keeps no connection whose bytes it has swallowed', async () => {
    const one = await client()
    proxy.blackHole()
    one.socket.write('a')
    const isSwallowed = (): boolean => proxy.bytesLost() === 1
    await waitFor(isSwallowed, { timeoutMs: 90_000, describe: 'the byte to be swallowed' })
    expect(one.isClosed()).toBe(false)
    expect(one.received()).toBe('')
    proxy.heal()
    await isCut(one)
  })
})
