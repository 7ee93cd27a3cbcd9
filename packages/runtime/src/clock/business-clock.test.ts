import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { type BusinessClock, followClock } from './business-clock.ts'

/** A clock that tells its followers what the test says and remembers who confirmed. */
function virtualClock(): {
  app: FastifyInstance
  tell(tick: object): void
  confirmed: Promise<unknown>[]
} {
  const app = fastify({ forceCloseConnections: true })
  const streams: NodeJS.WritableStream[] = []
  const waiting: ((value: unknown) => void)[] = []
  const confirmed = [0, 1].map((at) => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    waiting[at] = resolve
    return promise
  })
  app.get('/clock', (_request, reply) => {
    reply.hijack()
    streams.push(reply.raw)
    reply.raw.write(`${JSON.stringify({ nowMs: 1_000, revision: 0, running: false })}\n`)
  })
  app.post<{ Body: { revision: number } }>('/clock/confirm', async ({ body }) => {
    waiting[body.revision]?.(body)
    return {}
  })
  const tell = (tick: object) => {
    for (const stream of streams) stream.write(`${JSON.stringify(tick)}\n`)
  }
  return { app, tell, confirmed }
}

let clock: BusinessClock | undefined
let server: FastifyInstance | undefined
afterEach(async () => {
  await clock?.close()
  await server?.close()
})

describe('a followed clock', () => {
  test('shows the time it was told and confirms each jump', async () => {
    const { app, tell, confirmed } = virtualClock()
    server = app
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    clock = await followClock(`${url}/clock`, 'token-ledger')
    expect(clock.nowMs()).toBe(1_000)
    tell({ nowMs: 86_401_000, revision: 1, running: false })
    expect(await confirmed[1]).toEqual({ follower: 'token-ledger', revision: 1 })
    expect(clock.nowMs()).toBe(86_401_000)
  })

  test('stops the start when there is no clock', async () => {
    await expect(followClock('http://127.0.0.1:9/clock', 'x')).rejects.toThrow(/OTN_CLOCK_URL/)
  })
})
