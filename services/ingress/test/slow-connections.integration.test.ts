/** Thousands of connections that take their time, for as long as they are let; and the platform. */
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IngressProcess, launchIngress, ready } from './ingress-process.ts'
import { readyBus, until } from './running-ingress.ts'
import { entry, optIn, sha256Header, webhook, wire } from './samples.ts'

const SLOW = 5_000
const HELD_MS = 5_000
/** Cut ones come again: an attack goes on. */
const AGAIN_PER_SECOND = 400
const LIMIT_MS = 5_000
const CHECK_MS = 500
const MEMORY_BYTES_MAX = 256 * 1024 * 1024
/** Fewer than come within the limit, on a slow machine as well. */
const CONNECTIONS_MAX = 500

let ingress: IngressProcess

beforeAll(async () => {
  const place = testScope()
  const bus = await readyBus(place)
  await bus.close(2_000)
  ingress = await launchIngress(place, {
    INGRESS_CONNECTIONS_MAX: String(CONNECTIONS_MAX),
    INGRESS_REQUEST_TIMEOUT_MS: String(LIMIT_MS),
    INGRESS_HEADERS_TIMEOUT_MS: String(LIMIT_MS),
    INGRESS_CONNECTIONS_CHECK_MS: String(CHECK_MS),
  })
  await ready(ingress)
})

afterAll(async () => {
  ingress?.signal('SIGTERM')
  await ingress?.exited
})

const HEADS = [
  'POST /webhook HTTP/1.1\r\nhost: x\r\nx-a: ',
  'POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 60000\r\n\r\n{',
  'POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
  // Not a byte.
  '',
] as const

/** Each says a byte now and then; who is cut comes again. */
function attack() {
  const { hostname, port } = new URL(ingress.url)
  const open = new Set<Socket>()
  const state = { opened: 0, owed: SLOW }
  const dial = () => {
    const head = HEADS[state.opened % HEADS.length] ?? ''
    state.opened += 1
    const socket = connect(Number(port), hostname)
    open.add(socket)
    socket.once('connect', () => head !== '' && socket.write(head))
    socket.on('error', () => {})
    socket.once('close', () => {
      open.delete(socket)
      state.owed += 1
    })
  }
  let turn = 0
  const tick = setInterval(() => {
    turn += 1
    const budget = state.opened < SLOW ? 50 : AGAIN_PER_SECOND / 40
    for (let n = 0; n < Math.min(budget, state.owed); n += 1) dial()
    state.owed -= Math.min(budget, state.owed)
    let index = 0
    for (const socket of open) {
      index += 1
      if (index % 20 === turn % 20 && socket.writable) socket.write('x')
    }
  }, 25)
  return {
    state,
    open: () => open.size,
    end: () => {
      clearInterval(tick)
      for (const socket of open) socket.destroy()
    },
  }
}

/** Posts as the platform does, by a connection of its own; 0 where it is not answered. */
async function honest(n: number) {
  const body = wire(webhook(entry([optIn({ one_time_notif_token: `46${n}` })])))
  const headers = { 'x-hub-signature-256': sha256Header(body), 'content-length': body.length }
  const since = performance.now()
  const status = await new Promise<number>((resolve) => {
    const posted = request(`${ingress.url}/webhook`, { method: 'POST', headers, agent: false })
    posted.once('response', (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    posted.once('error', () => resolve(0))
    posted.end(body)
  })
  return { status, tookMs: performance.now() - since }
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${ingress.url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name}{`))
  return Number(line?.split(' ').at(-1))
}

describe('[S1-43] 5,000 slow connections', () => {
  test('keep no honest webhook out: each is answered 200, in bounded memory', async () => {
    const before = await metric('process_resident_memory_bytes')
    const slow = attack()
    const answers: Awaited<ReturnType<typeof honest>>[] = []
    try {
      await until('all of them to have come', async () => {
        answers.push(await honest(answers.length))
        return slow.state.opened >= SLOW
      })
      const end = performance.now() + HELD_MS
      while (performance.now() < end) answers.push(await honest(answers.length))
      expect(await metric('otn_ingress_connections')).toBeLessThanOrEqual(CONNECTIONS_MAX)
      // They were more at a time than there is room for.
      expect(await metric('otn_ingress_connections_cut_total')).toBeGreaterThan(0)
      expect((await metric('process_resident_memory_bytes')) - before).toBeLessThan(
        MEMORY_BYTES_MAX,
      )
    } finally {
      slow.end()
    }
    expect(answers.length).toBeGreaterThan(2)
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const slowest = Math.max(...answers.map(({ tookMs }) => tookMs))
    // How fast is a figure of a quiet machine: attack, platform and ingress share these cores.
    process.stdout.write(
      `${slow.state.opened} slow connections, ${answers.length} webhooks answered, ` +
        `slowest ${Math.round(slowest)} ms\n`,
    )
  })
})
