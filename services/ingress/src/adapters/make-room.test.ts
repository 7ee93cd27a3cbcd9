import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createHttpServer, createLog } from '@otn/runtime'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Room } from '../ports.ts'
import { makeRoom, type RoomLimits } from './make-room.ts'

const LIMITS: RoomLimits = { connectionsMax: 4, receivingBytesMax: 4_000, bodyBytesMax: 1_000 }
const POST = 'POST /webhook HTTP/1.1\r\nhost: x\r\n'
const JSON_POST = `${POST}content-type: application/json\r\n`

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Client {
  readonly socket: Socket
  readonly said: () => string
}

async function open(limits: Partial<RoomLimits> = {}) {
  const log = createLog({ service: 'test', level: 'silent' })
  const http = { requestTimeoutMs: 5_000, bodyBytesMax: 1_000, connectionsMax: 2_000 }
  const app = createHttpServer({ log, limits: http })
  const state = { cut: 0, inHand: 0, hold: Promise.resolve() }
  const room: Room = makeRoom(app, { ...LIMITS, ...limits }, () => {
    state.cut += 1
  })
  app.post('/webhook', async () => {
    state.inHand += 1
    await state.hold
    return 'received'
  })
  app.get('/health', async () => 'well')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const clients: Client[] = []
  closing.push(async () => {
    for (const { socket } of clients) socket.destroy()
    await app.close()
  })
  const client = async (text: string): Promise<Client> => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(text)
    const one = { socket, said: () => said }
    clients.push(one)
    return one
  }
  const answered = (one: Client) => vi.waitFor(() => expect(one.said()).toContain('200 OK'))
  const cut = (one: Client) => vi.waitFor(() => expect(one.socket.closed).toBe(true))
  return { client, answered, cut, state, room }
}

const slow = `${POST}content-length: 10\r\n\r\n{`
const whole = `${POST}content-type: application/json\r\ncontent-length: 2\r\n\r\n{}`
const held = (room: Room, count: number) => vi.waitFor(() => expect(room.connections()).toBe(count))

describe('where the connections are at their limit', () => {
  test('the oldest without a whole request goes, and the newest is answered', async () => {
    const { client, answered, cut, room } = await open()
    const first = await client('POST /webhook HTTP/1.1\r\nx-a: ')
    await held(room, 1)
    for (let n = 0; n < 3; n += 1) await client(slow)
    await held(room, 4)
    await answered(await client(whole))
    await cut(first)
    expect(room.connections()).toBeLessThanOrEqual(4)
  })

  test('who had a webhook answered 200 stays, however many come who had none', async () => {
    const { client, answered, room } = await open()
    const known = await client(whole)
    await answered(known)
    for (let n = 0; n < 12; n += 1) await client(slow)
    await held(room, 4)
    expect(known.socket.closed).toBe(false)
    known.socket.write(whole)
    await vi.waitFor(() => expect(known.said().split('200 OK')).toHaveLength(3))
  })

  test('who had another answer goes like anybody', async () => {
    const { client, answered, cut } = await open()
    const reader = await client('GET /health HTTP/1.1\r\nhost: x\r\n\r\n')
    await answered(reader)
    for (let n = 0; n < 6; n += 1) await client(slow)
    await cut(reader)
  })

  test('a request that is here whole is answered, and cut is the newest where all are such', async () => {
    const { client, answered, cut, state, room } = await open({ connectionsMax: 2 })
    let release = () => {}
    state.hold = new Promise<void>((resolve) => {
      release = resolve
    })
    const both = [await client(whole), await client(whole)]
    await vi.waitFor(() => expect(state.inHand).toBe(2))
    await cut(await client(slow))
    expect(room.connections()).toBe(2)
    release()
    for (const one of both) await answered(one)
  })
})

describe('where more bytes are announced than there is room for', () => {
  test('the oldest body on its way is cut, and what is whole counts no more', async () => {
    const { client, answered, cut, room, state } = await open({ connectionsMax: 100 })
    const large = `${JSON_POST}content-length: 1000\r\n\r\n${'x'.repeat(900)}`
    const chunked = `${JSON_POST}transfer-encoding: chunked\r\n\r\n`
    const first = await client(chunked)
    await held(room, 1)
    for (let n = 0; n < 3; n += 1) await client(large)
    await vi.waitFor(() => expect(room.receivingBytes()).toBe(4_000))
    expect(state.cut).toBe(0)
    await answered(await client(whole))
    await cut(first)
    expect(state.cut).toBe(1)
    expect(room.receivingBytes()).toBe(3_000)
  })

  test('the largest goes first, whoever was here before, and one refused by its head counts no more', async () => {
    const { client, cut, room } = await open({ connectionsMax: 100, receivingBytesMax: 1_500 })
    const small = await client(`${JSON_POST}content-length: 600\r\n\r\n{`)
    await vi.waitFor(() => expect(room.receivingBytes()).toBe(600))
    await client(`${POST}content-length: 1000\r\n\r\n{`)
    await held(room, 2)
    const large = await client(`${JSON_POST}content-length: 1000\r\n\r\n{`)
    await cut(large)
    expect([small.socket.closed, room.receivingBytes()]).toEqual([false, 600])
  })

  test('what is sent behind a request that is in hand counts as well', async () => {
    const { client, room, state } = await open({ connectionsMax: 100 })
    let release = () => {}
    state.hold = new Promise<void>((resolve) => {
      release = resolve
    })
    const both = await client(`${whole}${JSON_POST}content-length: 1000\r\n\r\n{`)
    await vi.waitFor(() => expect([state.inHand, room.receivingBytes()]).toEqual([1, 1_000]))
    release()
    await vi.waitFor(() => expect(both.said()).toContain('200 OK'))
    expect(room.receivingBytes()).toBe(1_000)
    both.socket.destroy()
    await vi.waitFor(() => expect(room.receivingBytes()).toBe(0))
  })
})
