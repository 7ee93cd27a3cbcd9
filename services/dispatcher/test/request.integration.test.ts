/** Opt-in requests on real engines: what a person is asked, and what they are never asked twice. */
import { HOUR_MS, type PageScopedUserId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { echo } from './support/echo.ts'
import type { Fate } from './support/fake-graph.ts'
import { type Dispatcher, identity, openScene, PAGE, type Scene, until } from './support/scene.ts'

const someone = (): PageScopedUserId => pageScopedUserId(String(Math.floor(Math.random() * 1e12)))
const QUICK = { DISPATCHER_SETTLE_MS: '300', DISPATCHER_TICK_MS: '50' }
const THROTTLED: Fate = { status: 400, error: { code: 613, message: 'slow down', type: 'X' } }

describe('an opt-in request', () => {
  let scene: Scene
  let dispatcher: Dispatcher
  beforeAll(async () => {
    scene = await openScene()
    dispatcher = await scene.start(QUICK)
  })
  beforeEach(() => {
    scene.graph.fate = () => 'accept'
    scene.ledger.windowOpenUntil = scene.clock.now + HOUR_MS
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  const callsTo = (psid: string) =>
    scene.graph.calls.filter(({ body }) => body.recipient.id === psid)
  const storyOf = (id: string) =>
    scene
      .requestFacts(id)
      .map(({ type, attempt }) => `${type.replace('OptInRequest', '')} ${attempt}`)

  test('goes out as the template of the guide, intended before and told after [S0-08, S0-10, S0-13]', async () => {
    const psid = someone()
    const { commandId: id } = await scene.request({ psid, requestedBy: 'shop' })
    const sent = await scene.requestEnded(id)
    expect(storyOf(id)).toEqual(['Attempted 1', 'Sent 1'])
    expect(sent).toMatchObject({
      ...{ certainty: 'CONFIRMED', route: 'WINDOW', topic: 'restock-1234', context: 'shop-7' },
      ...{ tokenId: null, requestedBy: 'shop', person: identity.person(PAGE, psid) },
    })
    expect(callsTo(psid)[0]?.body).toEqual({
      recipient: { id: psid },
      message: {
        attachment: {
          type: 'template',
          payload: {
            template_type: 'one_time_notif_req',
            title: 'Tell you when it is back?',
            payload: 'otn1:restock-1234:shop-7',
          },
        },
        metadata: expect.stringMatching(new RegExp(`^otn1\\.${PAGE}\\.${id}\\.1\\.[\\w-]{11}$`)),
      },
    })
  })

  test('of 30 at the same time, for one person and topic, one asks [S1-20]', async () => {
    const psid = someone()
    const asked = await Promise.all(Array.from({ length: 30 }, () => scene.request({ psid })))
    const ends = await Promise.all(asked.map(({ commandId }) => scene.requestEnded(commandId)))
    const reasons = Map.groupBy(ends, ({ type, reason }) => reason ?? type)
    expect(reasons.get('OptInRequestSent')).toHaveLength(1)
    expect(reasons.get('request-open')).toHaveLength(29)
    expect(callsTo(psid)).toHaveLength(1)
  })

  test('that may not go out ends in a fact with its rule, and parks nothing [S0-12, S0-27, S1-19]', async () => {
    const granted = await scene.grant()
    const calls = scene.graph.calls.length
    const rows = [
      [{}, 'recipient-missing'],
      [{ psid: someone(), tokenId: granted.tokenId }, 'recipient-ambiguous'],
      [{ tokenId: tokenId('0'.repeat(32)) }, 'token-unknown'],
      [{ psid: pageScopedUserId(granted.psid) }, 'token-live'],
      [{ psid: someone(), title: '\u{1f514}'.repeat(33) }, 'title-too-long'],
      [{ psid: someone(), topic: 'Not A Topic' }, 'topic-invalid'],
      [{ psid: someone(), context: 'mail_at_example.com' }, 'personal-data'],
      [{ psid: someone(), title: '検査結果をお知らせしますか？' }, 'sensitive-words'],
      [{ psid: someone(), pageId: pageId('999') }, 'page-unknown'],
      [{ psid: someone(), giveUpAt: scene.clock.now - 1 }, 'gave-up'],
    ] as const
    for (const [values, reason] of rows) {
      const { commandId } = await scene.request(values)
      expect(await scene.requestEnded(commandId)).toMatchObject({ reason, attempt: 0 })
    }
    scene.ledger.windowOpenUntil = scene.clock.now
    const late = await scene.request({ psid: someone() })
    expect(await scene.requestEnded(late.commandId)).toMatchObject({
      ...{ reason: 'window-closed', rule: 'request-window-open' },
      detail: expect.stringContaining('closed at'),
    })
    expect(scene.graph.calls).toHaveLength(calls)
    expect(dispatcher.logged()).not.toContain('message.parked')
  })

  test('is previewed rule by rule, and nobody is asked [U19]', async () => {
    const calls = scene.graph.calls.length
    const body = { pageId: PAGE, psid: someone(), topic: 'restock-1234', title: 'Tell you?' }
    const headers = { 'idempotency-key': `dry-${body.psid}` }
    const dry = '/v1/opt-in-requests?dryRun=true'
    const { body: fine } = await dispatcher.post(dry, body, headers)
    expect(fine).toMatchObject({ decision: 'spend', reason: null })
    const long = await dispatcher.post(dry, { ...body, title: 'a'.repeat(66) }, headers)
    expect(long.body).toMatchObject({ decision: 'refuse', reason: 'title-too-long' })
    expect(long.body.verdicts).toContainEqual(
      expect.objectContaining({ rule: 'request-title-length', kind: 'refuse' }),
    )
    expect((await dispatcher.post('/v1/opt-in-requests', body, headers)).status).toBe(400)
    expect(scene.graph.calls).toHaveLength(calls)
  })

  test('comes once, however often it is published; another one of its id is rejected', async () => {
    const first = await scene.request({ psid: someone(), requestedAt: 1 })
    await scene.requestEnded(first.commandId)
    await scene.request({ ...first, requestedAt: 2 })
    await scene.request({ ...first, title: 'Other words?' })
    const rejected = await scene.requestEnded(first.commandId, ['CommandRejected'])
    expect(rejected).toMatchObject({ reason: 'command-id-reused', attempt: 0 })
    expect(storyOf(first.commandId)).toEqual(['Attempted 1', 'Sent 1', 'CommandRejected 0'])
    await scene.notify({ commandId: first.commandId, psid: someone() })
    expect(await scene.ended(first.commandId, ['CommandRejected'])).toMatchObject({ attempt: 0 })
  })

  test('whose answer is lost stands in doubt, is not repeated, and its echo settles it', async () => {
    const psid = someone()
    scene.graph.fate = () => 'accept-unheard'
    const { commandId: id } = await scene.request({ psid })
    await scene.requestEnded(id, ['OptInRequestInDoubt'])
    scene.graph.fate = () => 'accept'
    const again = await scene.request({ psid })
    expect(await scene.requestEnded(again.commandId)).toMatchObject({ reason: 'request-open' })
    const [call] = callsTo(psid)
    await echo(scene, { call: call ?? expect.unreachable(), granted: { psid } })
    expect(await scene.requestEnded(id)).toMatchObject({ certainty: 'ECHOED', messageId: 'm_echo' })
    expect(callsTo(psid)).toHaveLength(1)
  })

  test('by token spends it, with advice against it, outside the window as well [S1-27, U22]', async () => {
    const { tokenId: paying, token, psid } = await scene.grant()
    scene.ledger.windowOpenUntil = null
    const { commandId: id } = await scene.request({ tokenId: paying, topic: 'restock-9' })
    expect(await scene.requestEnded(id)).toMatchObject({ tokenId: paying, route: 'TOKEN' })
    expect(scene.requestFacts(id)[0]).toMatchObject({
      rule: 'request-chain-consent',
      detail: expect.stringContaining('Ask by psid'),
    })
    const [call] = scene.graph.calls.filter((made) => made.token === token)
    expect(call?.body.recipient).toEqual({ one_time_notif_token: token })
    const notified = await scene.notify({ psid: pageScopedUserId(psid) })
    expect(await scene.ended(notified.commandId)).toMatchObject({ reason: 'token-spent' })
  })
})

describe('opt-in requests survive', () => {
  test('a throttled page and an emptied store: the log rebuilds them, and nobody is asked twice [S0-28, S1-20]', async () => {
    await using scene = await openScene()
    scene.ledger.windowOpenUntil = scene.clock.now + HOUR_MS
    const first = await scene.start(QUICK)
    const [psid, waits] = [someone(), someone()]
    const done = await scene.request({ psid })
    await scene.requestEnded(done.commandId)
    scene.graph.fate = () => THROTTLED
    const waiting = await scene.request({ psid: waits })
    const restated = await scene.requestEnded(waiting.commandId, ['OptInRequestScheduled'])
    expect(restated).toMatchObject({ reason: 'rate-limited', tokenReleased: null, attempt: 1 })
    expect(JSON.stringify(restated)).not.toContain(waits)
    await scene.db.dropDatabase()
    await until('the failure', () => first.failures[0])
    await first.close()
    scene.graph.fate = () => 'accept'
    scene.clock.now += HOUR_MS / 2
    const second = await scene.start(QUICK)
    expect(await scene.requestEnded(waiting.commandId)).toMatchObject({ type: 'OptInRequestSent' })
    const again = await scene.request({ psid })
    expect(await scene.requestEnded(again.commandId)).toMatchObject({ reason: 'request-open' })
    const reworded = await scene.request({ psid, topic: 'restock-9' })
    const repeated = { reason: 'request-title-repeated', attempt: 0 }
    expect(await scene.requestEnded(reworded.commandId)).toMatchObject(repeated)
    await second.digest()
    expect(scene.graph.delivered.map(({ body }) => body.recipient.id).toSorted()).toEqual(
      [psid, waits].toSorted(),
    )
  })

  test('a database of an older build: what it never read is read from the beginning', async () => {
    await using scene = await openScene()
    scene.ledger.windowOpenUntil = scene.clock.now + HOUR_MS
    const first = await scene.start(QUICK)
    const { commandId: id } = await scene.request({ psid: someone() })
    await scene.requestEnded(id)
    await first.close()
    const isAdded = { _id: { $regex: 'optin-request' } }
    await scene.db.collection<{ _id: string }>('cursors').deleteMany(isAdded)
    await scene.db.collection('commands').dropIndex('asked-person')
    const second = await scene.start(QUICK)
    const later = await scene.request({ psid: someone() })
    await waitFor(() => expect(second.failures).toEqual([]), {
      describe: 'no failure',
      timeoutMs: 1_000,
    })
    expect(await scene.requestEnded(later.commandId)).toMatchObject({ type: 'OptInRequestSent' })
    expect(scene.graph.calls).toHaveLength(2)
  })
})
