import type { ParkedMessage, TokenEvent, WithdrawConsent } from '@otn/contracts'
import { commandId, DAY_MS, pageScopedUserId } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { optIn, PAGE, personOf, tokenIdOf } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

const QUICK = { LEDGER_SWEEP_MS: '100' }
let scene: Scene
let ledger: Ledger
let other: Ledger

beforeAll(async () => {
  scene = await openScene()
  ;[ledger, other] = await Promise.all([scene.start(QUICK), scene.start(QUICK)])
  await Promise.all([ledger.ready(), other.ready()])
})

afterAll(() => scene[Symbol.asyncDispose]())

const until = (describe: string, fact: () => boolean | Promise<boolean>) =>
  waitFor(fact, { timeoutMs: 60_000, describe })

async function read<Name extends 'token' | 'parked'>(topic: Name) {
  const record = topic === 'token' ? 'TokenEvent' : 'ParkedMessage'
  const found: unknown[] = []
  const following = await scene.bus.follow({
    topics: [topic],
    until: 'end',
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const decoded = scene.codec.decode(record, value)
        if (decoded.kind === 'known') found.push(decoded.value)
      }
    },
    onCrash: () => {},
  })
  await following.finished
  await following.close(1_000)
  return found as (Name extends 'token' ? TokenEvent : ParkedMessage)[]
}

const command = (more: Partial<WithdrawConsent>): WithdrawConsent => ({
  ...{ commandId: commandId(digits()), pageId: PAGE, requestedBy: 'test' },
  ...more,
})
const ask = (...commands: readonly WithdrawConsent[]) =>
  scene.append(
    'consent',
    commands.map((value) => ({ key: value.commandId, value })),
  )
const grant = async (topic = `t${digits(8)}`) => {
  const one = { psid: digits(), token: digits(), topic, grantedAt: scene.clock.now }
  await scene.append('optIn', [optIn(one)])
  return one
}
const stateOf = async (token: string) => {
  const { body } = await ledger.get(`/v1/tokens/${tokenIdOf(token)}`)
  return body?.state
}
const becomes = (token: string, state: string) =>
  until(`${token} to be ${state}`, async () => (await stateOf(token)) === state)
/** What the log says of one token by its id, in order; each type with how often. */
const told = async (token: string) => {
  const facts = (await read('token')).filter(({ tokenId }) => tokenId === tokenIdOf(token))
  return facts.map(({ type, daysLeft }) => (daysLeft ? `${type} ${daysLeft}` : type))
}
const isTold = (token: string, wanted: readonly string[]) =>
  until(`${wanted.join(', ')} to be told`, async () => {
    return (await told(token)).length >= wanted.length
  })
/** Nothing more is owed: another thing that came later is told by both ledgers' sweeps. */
const swept = async () => {
  const later = await grant()
  await ask(command({ tokenId: tokenIdOf(later.token) }))
  await isTold(later.token, ['ConsentWithdrawn', 'TokenWithdrawn'])
}

describe('a command to withdraw consent', () => {
  const forms = [
    ['the person', ({ psid }: { psid: string }) => ({ psid: pageScopedUserId(psid) })],
    ['the pseudonym', ({ psid }: { psid: string }) => ({ person: personOf(psid) })],
    ['the topic', ({ topic }: { topic: string }) => ({ topic })],
    [
      'person and topic',
      (one: { psid: string; topic: string }) => ({
        ...{ psid: pageScopedUserId(one.psid), topic: one.topic },
      }),
    ],
  ] as const

  test.each(forms)(
    'by %s ends what was granted, not what is granted later [S0-02]',
    async (_by, by) => {
      const one = await grant()
      await becomes(one.token, 'live')
      const asked = command(by(one))
      await ask(asked)
      await becomes(one.token, 'withdrawn')
      await isTold(one.token, ['TokenWithdrawn'])
      scene.clock.now += 1
      const again = { ...one, token: digits(), grantedAt: scene.clock.now }
      const late = { ...one, token: digits() }
      await scene.append('optIn', [optIn(again), optIn(late)])
      await becomes(late.token, 'withdrawn')
      await isTold(late.token, ['TokenWithdrawn'])
      await ask(asked)
      await swept()
      expect(await stateOf(again.token)).toBe('live')
      expect([await told(one.token), await told(late.token)]).toEqual([
        ['TokenWithdrawn'],
        ['TokenWithdrawn'],
      ])
      const facts = (await read('token')).filter((fact) => fact.causationId === asked.commandId)
      expect(facts.map(({ type }) => type)).toEqual(['ConsentWithdrawn'])
    },
  )

  test('by the token ends it, also where its opt-in comes after', async () => {
    const one = { psid: digits(), token: digits() }
    await ask(command({ tokenId: tokenIdOf(one.token) }))
    await isTold(one.token, ['ConsentWithdrawn'])
    await scene.append('optIn', [optIn(one)])
    await becomes(one.token, 'withdrawn')
    await isTold(one.token, ['ConsentWithdrawn', 'TokenWithdrawn'])
  })

  test('that does not say whose consent is parked with its field, and its partition goes on', async () => {
    const one = await grant()
    const [wrong, right] = [command({}), command({ psid: pageScopedUserId(one.psid) })]
    const key = 'same'
    const bytes = (value: WithdrawConsent) => ({
      ...{ key, value: scene.codec.encode('WithdrawConsent', value) },
    })
    const broken = { key, value: Buffer.from('no Avro') }
    await scene.appendRaw('consent', [bytes(wrong), broken, bytes(right)])
    await becomes(one.token, 'withdrawn')
    const parked = await read('parked')
    expect(parked.find((message) => message.commandId === wrong.commandId)).toMatchObject({
      ...{ pageId: PAGE, reason: 'recipient-missing', detail: expect.stringMatching(/^psid/) },
    })
    expect(parked.filter(({ reason }) => reason === 'malformed')).toHaveLength(1)
  })
})

describe('the end of a token', () => {
  test('is told of 30, 7 and 1 days before and when it has come, once by two ledgers [S0-05, S1-26]', async () => {
    const one = await grant()
    await becomes(one.token, 'live')
    const end = one.grantedAt + 364 * DAY_MS
    const steps = [
      [30, 'TokenExpiring 30'],
      [7, 'TokenExpiring 7'],
      [1, 'TokenExpiring 1'],
      [0, 'TokenExpired'],
    ] as const
    const wanted: string[] = []
    for (const [days, notice] of steps) {
      scene.clock.now = end - days * DAY_MS
      wanted.push(notice)
      await isTold(one.token, wanted)
      expect(await told(one.token)).toEqual(wanted)
    }
    const facts = (await read('token')).filter(({ tokenId }) => tokenId === tokenIdOf(one.token))
    expect(new Set(facts.map(({ expiresAt }) => expiresAt))).toEqual(new Set([end]))
    expect(await stateOf(one.token)).toBe('expired')
  })
})

describe('a ledger that was made anew', () => {
  test('tells nothing twice, misses nothing, and withdraws nothing that was granted since [S0-22]', async () => {
    const one = await grant()
    const asked = command({ psid: pageScopedUserId(one.psid) })
    await ask(asked)
    await isTold(one.token, ['TokenWithdrawn'])
    scene.clock.now += 1
    const since = { ...one, token: digits(), grantedAt: scene.clock.now }
    await scene.append('optIn', [optIn(since)])
    await becomes(since.token, 'live')
    await Promise.all([ledger.close(), other.close()])
    await scene.db.dropDatabase()
    await ask(asked)
    scene.clock.now = since.grantedAt + 334 * DAY_MS
    ledger = await scene.start(QUICK)
    await ledger.ready()
    await swept()
    await isTold(since.token, ['TokenExpiring 30'])
    const ids = (await read('token')).map(({ eventId }) => eventId)
    expect(new Set(ids).size).toBe(ids.length)
    expect([await told(one.token), await told(since.token)]).toEqual([
      ['TokenWithdrawn'],
      ['TokenExpiring 30'],
    ])
    expect([await stateOf(one.token), await stateOf(since.token)]).toEqual(['withdrawn', 'live'])
    expect((await ledger.post('/v1/operations/rebuild')).status).toBe(202)
    const isOver = async () => {
      const { rebuild } = (await ledger.get('/v1/operations/rebuild')).body
      return rebuild?.state === 'running' ? null : rebuild
    }
    const report = await waitFor(isOver, { timeoutMs: 60_000, describe: 'the rebuild to end' })
    expect(report).toMatchObject({ state: 'done', comparison: { differences: 0 } })
  })
})
