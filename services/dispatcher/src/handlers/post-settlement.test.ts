import { appError, type CommandId, messageId } from '@otn/kernel'
import { createHttpServer, createLog, type HttpServer, type Scope } from '@otn/runtime'
import { afterEach, describe, expect, test } from 'vitest'
import { identity, notify, PAGE, T1 } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'
import { NO_ANSWER } from '../domain/decide-outcome.ts'
import { postSettlement, settleDoubt } from './post-settlement.ts'

let app: HttpServer | undefined
afterEach(() => app?.close())

const PATH = `/v1/pages/${PAGE}/notifications/c-1/settlement`
const unlisted = { ...NO_ANSWER, kind: 'unlisted', graphCode: 987_654 } as const
const sent = { ...NO_ANSWER, kind: 'sent', messageId: messageId('m_2') } as const

/** A dispatcher in memory with one command, c-1, that an unlisted answer left in doubt. */
async function doubted() {
  const world = createMemoryPorts()
  world.state.tokens = [proposed()]
  world.state.outcome = unlisted
  await world.go(notify())
  const told: string[] = []
  const settle = settleDoubt({
    ...world.due,
    tell: { settledByHand: (_document, outcome) => void told.push(outcome) },
  })
  const scopes: Scope[] = []
  app = createHttpServer({ log: createLog({ service: 't', level: 'silent' }) })
  postSettlement(app, {
    settle,
    redact: (text) => text.replace(/\d{6,}/g, '…'),
    mayCall: (scope) => {
      scopes.push(scope)
      return async () => {}
    },
    inTime: (work) => work(new AbortController().signal),
  })
  const server = app
  const post = (payload: object, url = PATH) => server.inject({ method: 'POST', url, payload })
  return { ...world, post, told, scopes }
}

const isSent = { outcome: 'sent', messageId: 'm_1', settledBy: 'Ada', reason: 'seen by 4400000001' }
const isNotSent = { outcome: 'not-sent', settledBy: 'ada@shop.example' }

describe('a doubt', () => {
  test('settled as sent is sent, once, with the name of who says so', async () => {
    const { post, state, told, scopes } = await doubted()
    const answer = await post(isSent)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { state: 'sent', certainty: 'OPERATOR', settledBy: 'Ada', messageId: 'm_1', tokenId: T1 },
    ])
    expect(state.log.at(-1)).toMatchObject({
      ...{ type: 'NotificationSent', attempt: 1, settledBy: 'Ada', detail: 'seen by …' },
      eventId: identity.event('Final', PAGE, ['c-1']),
      causationId: `${PAGE}:c-1`,
    })
    const length = state.log.length
    const again = await post({ outcome: 'sent', settledBy: 'Bob' })
    expect([again.statusCode, again.json()]).toEqual([200, answer.json()])
    expect([state.log.length, told]).toEqual([length, ['sent']])
    expect(scopes).toEqual(['operations'])
  })

  test('settled as not sent has failed, and another command spends its token', async () => {
    const { post, state, go } = await doubted()
    expect((await post(isNotSent)).json()).toMatchObject({
      ...{ state: 'failed', reason: 'operator-settled', certainty: 'OPERATOR' },
    })
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationFailed', tokenReleased: true })
    state.outcome = sent
    await go(notify({ commandId: 'c-2' as CommandId }))
    expect(state.log.at(-1)).toMatchObject({ commandId: 'c-2', type: 'NotificationSent' })
  })

  test('settled otherwise before is refused, and says how it stands', async () => {
    const { post, state } = await doubted()
    await post(isNotSent)
    const length = state.log.length
    const other = await post(isSent)
    expect([other.statusCode, other.json().detail]).toEqual([
      409,
      'the command is failed (OPERATOR): only a verdict in doubt can be settled',
    ])
    expect(state.log).toHaveLength(length)
  })

  test('is settled by one of two persons who say different things at the same time', async () => {
    const { post, state } = await doubted()
    const answers = await Promise.all([post(isSent), post(isNotSent)])
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409])
    const finals = state.log.filter(({ type }) => /Sent|Failed/.test(type))
    expect(finals).toHaveLength(1)
  })

  test('that cannot be told now is told by the repeat, decided once', async () => {
    const { post, state, told } = await doubted()
    state.tellFails = appError('OTN_BUS_NOT_ACKNOWLEDGED', { message: 'away' })
    expect((await post(isNotSent)).statusCode).toBe(503)
    state.tellFails = null
    state.nowMs += 60_000
    const at = state.nowMs
    expect((await post(isNotSent)).statusCode).toBe(200)
    expect(state.log.at(-1)).toMatchObject({ type: 'NotificationFailed' })
    expect(state.log.at(-1)?.at).toBeLessThan(at)
    expect(told).toEqual(['not-sent'])
  })
})

describe('a message that went out although a person said that none had', () => {
  test('is told to who must look, also by a 200 that comes late', async () => {
    const world = createMemoryPorts()
    const { state, store, runAs } = world
    const tell = { settledByHand: () => {} }
    const settle = settleDoubt({ ...world.due, tell })
    const later = async (ms: number) => {
      state.machineMs += ms
      const query = { nowMs: state.nowMs, limit: 1, without: [], busy: new Set<string>() }
      const [due] = store.takeDue(query, { leaseMs: 60_000, worker: 'w-2' })
      if (due) await runAs('w-2')(due)
    }
    state.tokens = [proposed()]
    state.outcome = sent
    // The first worker freezes in its call; another one finds nothing out, and a person is wrong.
    state.whileCalled = async () => {
      state.whileCalled = async () => {}
      state.outcome = unlisted
      await later(60_001)
      await later(120_001)
      const said = { messageId: null, settledBy: 'Ada', detail: null }
      await settle(`${PAGE}:c-1`, { ...said, outcome: 'not-sent' })
    }
    await world.go(notify())
    const story = state.log.map(
      ({ type, attempt }) => `${type.replace('Notification', '')} ${attempt}`,
    )
    expect([...new Set(story)]).toEqual([
      'Attempted 1',
      'InDoubt 1',
      'Attempted 2',
      'InDoubt 2',
      'Failed 2',
    ])
    expect(state.contradicted).toEqual([`${PAGE}:c-1`])
  })
})

describe('what is no doubt', () => {
  test('is refused with the state that it is in, and left as it is', async () => {
    const { post, state, go } = await doubted()
    state.outcome = sent
    state.tokens = [proposed({ tokenId: identity.token(PAGE, 'other') })]
    await go(notify({ commandId: 'c-2' as CommandId }))
    const answer = await post(isNotSent, PATH.replace('c-1', 'c-2'))
    expect([answer.statusCode, answer.json().detail]).toEqual([
      409,
      'the command is sent (CONFIRMED): only a verdict in doubt can be settled',
    ])
    expect((await post(isSent, PATH.replace('c-1', 'c-9'))).statusCode).toBe(404)
  })

  test.each([
    ['without a name', { outcome: 'sent' }],
    ['with digits for a name', { ...isSent, settledBy: '4400000000000001' }],
    ['with a control character', { ...isSent, settledBy: 'a\nb' }],
    ['with an outcome of its own', { ...isSent, outcome: 'lost' }],
    ['with an id of what was not sent', { ...isNotSent, messageId: 'm_1' }],
    ['with a field of its own', { ...isSent, force: true }],
  ])('is a settlement %s', async (_, body) => {
    const { post, state } = await doubted()
    const length = state.log.length
    expect((await post(body)).statusCode).toBe(400)
    expect(state.log).toHaveLength(length)
  })
})
