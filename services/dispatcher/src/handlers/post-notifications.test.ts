import { appError } from '@otn/kernel'
import { createHttpServer, createLog, type HttpServer, serveOpenApi } from '@otn/runtime'
import { afterEach, describe, expect, test } from 'vitest'
import { identity, NOTIFYING, NOW, PAGE, stored } from '../../test/support/command-facts.ts'
import { inTime } from '../adapters/in-time.ts'
import { type PostNotificationsParts, postNotifications } from './post-notifications.ts'

const LIMIT_MS = 50
let app: HttpServer | undefined
afterEach(() => app?.close())

async function door(parts: Partial<PostNotificationsParts> = {}) {
  const published: unknown[] = []
  app = createHttpServer({ log: createLog({ service: 't', level: 'silent' }) })
  await serveOpenApi(app, { title: 't', description: 't' })
  postNotifications(app, {
    commands: { read: async () => null },
    notifyLog: {
      publish: async (notify) => {
        published.push(notify)
        return { partition: 0, offset: 0n }
      },
    },
    record: async () => ['recorded'],
    preview: async () => ({
      ...{ decision: 'known', reason: null, tokenId: null, candidates: 0, call: null },
      ...{ route: null, verdicts: [] },
    }),
    notifying: NOTIFYING,
    ...{ identity, clock: { nowMs: () => NOW }, kafkaTopic: 'commands' },
    mayCall: () => async () => {},
    inTime: inTime(LIMIT_MS),
    ...parts,
  })
  const server = app
  const post = (query = '', key = 'c-1') =>
    server.inject({
      method: 'POST',
      url: `/v1/notifications${query}`,
      headers: { 'idempotency-key': key },
      payload: { pageId: PAGE, psid: '2000', topic: 'restock-1234', text: 'It is back.' },
    })
  return { post, published, server }
}

describe('the door for commands', () => {
  test('refuses an id that a header does not carry unchanged, by its name', async () => {
    const { post, published } = await door({})
    const answer = await post('', Buffer.from('ü-1').toString('latin1'))
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'OTN_HTTP_INVALID' })
    expect(answer.body).toMatch(/idempotency-key.*ASCII/)
    expect(published).toEqual([])
  })

  test('says 503 within its own time where the store hangs, and publishes nothing later', async () => {
    const store = Promise.withResolvers<null>()
    const { post, published } = await door({ commands: { read: () => store.promise } })
    const answer = await post()
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.json().detail).toContain('the same Idempotency-Key')
    store.resolve(null)
    await store.promise
    await new Promise((resolve) => setImmediate(resolve))
    expect(published).toEqual([])
  })

  test('says 503 as well where a dry run hangs, and passes on what fails before', async () => {
    const { post } = await door({ preview: () => new Promise(() => {}) })
    expect((await post('?dryRun=true')).statusCode).toBe(503)
    await app?.close()
    const away = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'made up' })
    const { post: again } = await door({ notifyLog: { publish: () => Promise.reject(away) } })
    expect((await again()).json()).toMatchObject({ code: 'OTN_BUS_NOT_ACKNOWLEDGED', status: 503 })
  })

  test('publishes a command before it is recorded, and refuses another one under its id', async () => {
    const { post, published } = await door()
    expect((await post()).statusCode).toBe(202)
    expect(published).toMatchObject([{ commandId: 'c-1', pageId: PAGE, requestedAt: NOW }])
    await app?.close()
    const { post: again } = await door({ commands: { read: async () => stored() } })
    expect((await again()).statusCode).toBe(409)
  })

  test('describes that a 503 is to be repeated under the same key', async () => {
    const { server } = await door()
    const { responses } = (await server.inject('/openapi.json')).json().paths['/v1/notifications']
      .post
    expect(responses['503'].description).toMatch(/repeat.*with the same Idempotency-Key and body/)
    expect(Object.keys(responses)).toEqual(['200', '202', '503'])
  })
})
