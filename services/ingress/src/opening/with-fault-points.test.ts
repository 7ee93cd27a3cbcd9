import { isAppError } from '@otn/kernel'
import { createHttpServer, createLog, type Faults } from '@otn/runtime'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { afterEach, describe, expect, test } from 'vitest'
import { codec, vault } from '../../test/codec.ts'
import {
  APP_SECRET,
  appWith,
  entry,
  optIn,
  sha256Header,
  webhook,
  wire,
} from '../../test/samples.ts'
import { identity, NOW } from '../../test/surroundings.ts'
import { createAuthenticator } from '../adapters/authenticator-hmac.ts'
import { createJournal } from '../adapters/journal-kafka.ts'
import { serveWebhooks } from '../adapters/webhook-routes.ts'
import { createPages } from '../domain/pages.ts'
import { type IngressFaultPoint, ingressFaultPoints } from '../fault-points.ts'
import { postWebhook } from '../handlers/post-webhook.ts'
import { takeWebhook } from '../handlers/take-webhook.ts'
import { seamsWith } from './with-fault-points.ts'

const LIMITS = { requestTimeoutMs: 2_000, bodyBytesMax: 1024 * 1024, connectionsMax: 10 }
const TWO_PEOPLE = wire(
  webhook(entry([optIn({}), optIn({ psid: '2001', token: '4400000000000002' })])),
)
const nothing = () => {}
const TELLS_NOBODY = {
  ...{ accepted: nothing, notAcknowledged: nothing, signed: nothing, unauthenticated: nothing },
  ...{ refusedEarly: nothing, handshake: nothing, pageEventUnusable: nothing },
  waitingForLog: nothing,
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()))
})

/** The way of a webhook on a port of its own, with points that strike nobody and lose one answer. */
async function door({ loses = null }: { readonly loses?: IngressFaultPoint | null } = {}) {
  const passes: string[] = []
  const faults: Faults<IngressFaultPoint> = {
    pass: (point, side) => passes.push(`${point}.${side}`),
    loses: (point) => point === loses,
    around: async (point, work, lost) => {
      faults.pass(point, 'before')
      const answer = await work()
      faults.pass(point, 'after')
      return faults.loses(point) && lost ? lost() : answer
    },
  }
  const seams = seamsWith(faults)
  const appender = {
    append: async (records: readonly unknown[]) => {
      passes.push(`${records.length} on the log`)
      return []
    },
  }
  const failures: unknown[] = []
  const authenticator = createAuthenticator([appWith(APP_SECRET)])
  const post = postWebhook({
    authenticator: seams.authenticator(authenticator),
    ...{ clock: { nowMs: () => NOW }, tell: TELLS_NOBODY },
    take: takeWebhook({
      journal: seams.journal(createJournal({ appender, codec, vault })),
      ...{ identity, pages: createPages(compilePattern), digest: authenticator.digest },
      tell: { ...TELLS_NOBODY, notAcknowledged: (_, error) => failures.push(error) },
      deadlineMs: 2_500,
    }),
  })
  const app = createHttpServer({
    log: createLog({ service: 't', level: 'silent' }),
    limits: LIMITS,
  })
  await serveWebhooks(app, {
    ...{ serves: () => true, onPost: post, refusal: () => null, onScope: seams.onScope },
    onGet: () => ({ outcome: 'accepted', challenge: '' }),
    onAnswered: () => {},
  })
  opened.push(app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const send = async (body: Buffer = TWO_PEOPLE, signature = sha256Header(body)) => {
    const headers = { 'x-hub-signature-256': signature }
    return (await fetch(`${url}/webhook`, { method: 'POST', headers, body })).status
  }
  return { send, passes, failures, url }
}

describe('without faults', () => {
  test('every port is the very one that was joined, and no hook is added', () => {
    const { authenticator, journal, onScope } = seamsWith(null)
    const ports = {
      authenticator: createAuthenticator([appWith(APP_SECRET)]),
      journal: createJournal({ appender: { append: async () => [] }, codec, vault }),
    }
    expect(authenticator(ports.authenticator)).toBe(ports.authenticator)
    expect(journal(ports.journal)).toBe(ports.journal)
    expect(onScope).toBeNull()
  })
})

describe('the points of a webhook', () => {
  test('stand right before and right after each step, records one after another', async () => {
    const { send, passes } = await door()
    expect(await send()).toBe(200)
    await expect.poll(() => passes.at(-1)).toBe('answer.after')
    expect(passes).toEqual([
      ...['receive.before', 'receive.after', 'read.before', 'read.after'],
      ...['verify.before', 'verify.after'],
      ...['seal.before', 'seal.after', 'seal.before', 'seal.after'],
      'acknowledge.before',
      ...['append.before', '1 on the log', 'append.after'],
      ...['append.before', '1 on the log', 'append.after'],
      'acknowledge.after',
      ...['answer.before', 'answer.after'],
    ])
    const points = new Set(passes.filter((pass) => pass.includes('.')))
    expect(points.size).toBe(2 * Object.keys(ingressFaultPoints).length)
  })

  test('end at the signature for what is not genuine, and are passed by no handshake', async () => {
    const { send, passes, url } = await door()
    expect(await send(TWO_PEOPLE, `sha256=${'0'.repeat(64)}`)).toBe(401)
    await fetch(`${url}/webhook?hub.mode=subscribe`)
    expect(passes.at(-1)).toBe('verify.after')
  })

  test('a lost acknowledgement is an answer of 503, with the record on the log', async () => {
    const { send, passes, failures } = await door({ loses: 'append' })
    expect(await send()).toBe(503)
    expect(passes.slice(-3)).toEqual(['append.before', '1 on the log', 'append.after'])
    expect(isAppError(failures[0], 'OTN_BUS_NOT_ACKNOWLEDGED')).toBe(true)
  })

  test('a lost 200 is a connection that ends without an answer', async () => {
    const { send, passes } = await door({ loses: 'answer' })
    await expect(send()).rejects.toThrow()
    expect(passes).toContain('acknowledge.after')
    expect(passes.at(-1)).toBe('answer.before')
  })
})
