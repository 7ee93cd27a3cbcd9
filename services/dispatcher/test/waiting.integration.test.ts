import type { PageEvent } from '@otn/contracts'
import { commandId, pageScopedUserId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  connectPage,
  type Dispatcher,
  type Granted,
  identity,
  openScene,
  PAGE,
  type Scene,
  until,
} from './support/scene.ts'

const HOUR_MS = 3_600_000

const cancelOf = (id: string) => ({
  key: `${PAGE}:cancel-${id}`,
  record: 'CancelNotification' as const,
  value: {
    ...{ commandId: commandId(`cancel-${id}`), pageId: PAGE, cancels: commandId(id) },
    requestedBy: 'shop',
  },
})

describe('a command that cannot go out now', () => {
  let scene: Scene
  let dispatcher: Dispatcher
  beforeAll(async () => {
    scene = await openScene()
    dispatcher = await scene.start({ DISPATCHER_TICK_MS: '50' })
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  const to = ({ psid }: Granted) => ({ psid: pageScopedUserId(psid) })
  const restated = (id: string, reason: string) =>
    until(`the wait of ${id} for ${reason}`, () =>
      scene
        .facts(id)
        .find((fact) => fact.type === 'NotificationScheduled' && fact.reason === reason),
    )
  const about = async (id: string) =>
    (await dispatcher.get(`/v1/pages/${PAGE}/notifications/${id}`)).body

  test('waits for notBefore without holding the token, restated sealed, and goes then', async () => {
    const granted = await scene.grant()
    const dueAt = scene.clock.now + HOUR_MS
    const { commandId: id } = await scene.notify({ ...to(granted), notBefore: dueAt })
    const fact = await restated(id, 'not-before')
    expect(fact).toMatchObject({ attempt: 0, dueAt, keyId: 'k1', tokenReleased: null })
    expect(await about(id)).toMatchObject({ state: 'open', reason: 'not-before', dueAt })
    const other = await scene.notify(to(granted))
    expect(await scene.ended(other.commandId)).toMatchObject({ type: 'NotificationSent' })
    await scene.grant(granted.psid)
    scene.clock.now = dueAt
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent', attempt: 1 })
  })

  test('is cancelled, also before it is read, and never called', async () => {
    const granted = await scene.grant()
    const notBefore = scene.clock.now + HOUR_MS
    const { commandId: waiting } = await scene.notify({ ...to(granted), notBefore })
    await restated(waiting, 'not-before')
    const calls = scene.graph.calls.length
    const early = commandId('cancelled-early')
    await scene.append('cancel', [cancelOf(waiting), cancelOf(early)])
    for (const id of [waiting, early]) {
      const fact = await scene.ended(id, ['NotificationCancelled'])
      expect(fact).toMatchObject({ attempt: 0, reason: 'cancelled', settledBy: 'shop' })
      expect(await about(id)).toMatchObject({ state: 'cancelled' })
    }
    await scene.notify({ ...to(granted), commandId: early })
    scene.clock.now = notBefore
    const after = await scene.notify(to(granted))
    expect(await scene.ended(after.commandId)).toMatchObject({ type: 'NotificationSent' })
    expect(scene.facts(early)).toHaveLength(1)
    expect(scene.graph.calls).toHaveLength(calls + 1)
  })

  test('is given up when its time has passed, and never called', async () => {
    const granted = await scene.grant()
    const [notBefore, giveUpAt] = [scene.clock.now + HOUR_MS, scene.clock.now + 2 * HOUR_MS]
    const waiting = await scene.notify({ ...to(granted), notBefore, giveUpAt })
    const never = await scene.notify({ ...to(granted), notBefore: giveUpAt, giveUpAt: notBefore })
    await restated(waiting.commandId, 'not-before')
    expect(await scene.ended(never.commandId)).toMatchObject({ reason: 'gave-up' })
    const calls = scene.graph.calls.length
    scene.clock.now = giveUpAt + 1
    expect(await scene.ended(waiting.commandId)).toMatchObject({ reason: 'gave-up', attempt: 0 })
    expect(scene.graph.calls).toHaveLength(calls)
  })

  test('waits while its page is paused, is given up in time, and goes when it resumes', async () => {
    const granted = await scene.grant()
    const giveUpAt = scene.clock.now + HOUR_MS
    await pageEvent(scene, 'PagePaused')
    const short = await scene.notify({ ...to(granted), giveUpAt })
    const long = await scene.notify(to(granted))
    await restated(short.commandId, 'page-paused')
    await restated(long.commandId, 'page-paused')
    scene.clock.now = giveUpAt + 1
    expect(await scene.ended(short.commandId)).toMatchObject({ reason: 'gave-up' })
    await pageEvent(scene, 'PageResumed')
    expect(await scene.ended(long.commandId)).toMatchObject({ type: 'NotificationSent' })
  })

  test('asked for fewer calls, waits as told, with its token free meanwhile', async () => {
    const granted = await scene.grant()
    let answers = 0
    const error = { code: 613, message: 'limit', type: 'OAuthException' }
    scene.graph.fate = () => (answers++ === 0 ? { status: 400, error } : 'accept')
    const { commandId: id } = await scene.notify(to(granted))
    const fact = await restated(id, 'rate-limited')
    expect(fact).toMatchObject({ attempt: 1, tokenReleased: true, graphCode: 613 })
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent', attempt: 2 })
  })

  test('a page that was signed out stands still until it is connected again', async () => {
    const granted = await scene.grant()
    const error = { code: 190, message: 'invalid token', type: 'OAuthException' }
    scene.graph.fate = () => ({ status: 401, error })
    const first = await scene.notify(to(granted))
    expect(await restated(first.commandId, 'page-auth-lost')).toMatchObject({ tokenReleased: true })
    const calls = scene.graph.calls.length
    const second = await scene.notify(to(await scene.grant()))
    expect(await restated(second.commandId, 'page-auth-lost')).toMatchObject({ attempt: 0 })
    expect(scene.graph.calls).toHaveLength(calls)
    scene.graph.fate = () => 'accept'
    scene.clock.now += 1
    await connectPage(scene, PAGE)
    expect(await scene.ended(first.commandId)).toMatchObject({ type: 'NotificationSent' })
    expect(await scene.ended(second.commandId)).toMatchObject({ type: 'NotificationSent' })
  })

  test('a question of a paused page waits as a message does; a cancel ends what waits', async () => {
    const granted = await scene.grant()
    scene.ledger.windowOpenUntil = scene.clock.now + 24 * HOUR_MS
    await pageEvent(scene, 'PagePaused')
    const unwanted = await scene.notify(to(granted))
    const asked = await scene.request({ psid: pageScopedUserId('888') })
    await restated(unwanted.commandId, 'page-paused')
    await until('the question to wait', () =>
      scene.requestFacts(asked.commandId).find(({ reason }) => reason === 'page-paused'),
    )
    await scene.append('cancel', [cancelOf(unwanted.commandId)])
    const ended = await scene.ended(unwanted.commandId, ['NotificationCancelled'])
    expect(ended).toMatchObject({ reason: 'cancelled' })
    const calls = scene.graph.calls.length
    await pageEvent(scene, 'PageResumed')
    expect(await scene.requestEnded(asked.commandId)).toMatchObject({ type: 'OptInRequestSent' })
    expect(scene.graph.calls).toHaveLength(calls + 1)
    scene.ledger.windowOpenUntil = null
  })

  test('whose thread another app owns waits for it, asked for once where so set [S1-08]', async () => {
    const granted = await scene.grant()
    scene.ledger.thread = { appId: '263902037430900', since: scene.clock.now }
    const calls = scene.graph.calls.length
    const { commandId: id } = await scene.notify(to(granted))
    const fact = await restated(id, 'thread-owned-elsewhere')
    expect(fact).toMatchObject({ attempt: 0, dueAt: scene.clock.now + HOUR_MS / 60 })
    expect(await about(id)).toMatchObject({ state: 'open', reason: 'thread-owned-elsewhere' })
    expect(scene.graph.calls).toHaveLength(calls)
    scene.ledger.thread = null
    scene.clock.now += HOUR_MS
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent', attempt: 1 })
  })

  test('the platform alone knows that another app owns the thread: the token is free, the lane goes on [S1-08]', async () => {
    const [granted, other] = [await scene.grant(), await scene.grant()]
    const error = { code: 10, error_subcode: 2018300, message: 'thread', type: 'OAuthException' }
    scene.graph.fate = (call) => (call.token === granted.token ? { status: 400, error } : 'accept')
    const { commandId: id } = await scene.notify(to(granted))
    const fact = await restated(id, 'thread-owned-elsewhere')
    expect(fact).toMatchObject({ attempt: 1, tokenReleased: true, graphSubcode: 2018300 })
    const neighbour = await scene.notify(to(other))
    expect(await scene.ended(neighbour.commandId)).toMatchObject({ type: 'NotificationSent' })
    scene.graph.fate = () => 'accept'
    scene.clock.now += HOUR_MS
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent', attempt: 2 })
  })

  test('is never refused by a ledger that is behind or away', async () => {
    // Asked once, so that it stands still from before the opt-in on.
    scene.ledger.isFrozen = true
    const before = scene.ledger.asked
    await scene.notify({ psid: pageScopedUserId('1') })
    await until('a question', () => scene.ledger.asked > before)
    const granted = await scene.grant()
    const behind = await scene.notify(to(granted))
    const asked = scene.ledger.asked
    await until('five more questions', () => scene.ledger.asked > asked + 5)
    expect(scene.facts(behind.commandId)).toEqual([])
    scene.ledger.isFrozen = false
    expect(await scene.ended(behind.commandId)).toMatchObject({ type: 'NotificationSent' })
    scene.ledger.isAway = true
    const away = await scene.notify(to(await scene.grant()))
    const then = scene.ledger.asked
    await until('five more questions', () => scene.ledger.asked > then + 5)
    expect(scene.facts(away.commandId)).toEqual([])
    scene.ledger.isAway = false
    expect(await scene.ended(away.commandId)).toMatchObject({ type: 'NotificationSent' })
  })

  test('a platform out of reach costs waits, no token and no doubt', async () => {
    await using unreachable = await openScene()
    const { port } = new URL(unreachable.graph.url)
    await unreachable.graph[Symbol.asyncDispose]()
    await unreachable.start({ GRAPH_BASE_URL: `http://127.0.0.1:${port}` })
    const granted = await unreachable.grant()
    const { commandId: id } = await unreachable.notify(to(granted))
    await until('two attempts', () =>
      unreachable.facts(id).some(({ type, attempt }) => type.endsWith('Scheduled') && attempt > 1),
    )
    const told = unreachable.facts(id).map(({ type, reason }) => reason ?? type)
    expect(new Set(told)).toEqual(new Set(['NotificationAttempted', 'not-reached']))
  })

  test('a page that never answers does not hold its neighbours', async () => {
    const slow = await scene.grant()
    scene.graph.fate = ({ token }) => (token === slow.token ? 'hang' : 'accept')
    await scene.notify(to(slow))
    await until('the slow call', () => scene.graph.calls.some(({ token }) => token === slow.token))
    const quick = await scene.grant()
    const { commandId: id } = await scene.notify(to(quick))
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent' })
  })
})

async function pageEvent(scene: Scene, type: 'PagePaused' | 'PageResumed'): Promise<void> {
  scene.clock.now += 1
  const at = scene.clock.now
  const eventId = identity.event(type, PAGE, [String(at)])
  const value: PageEvent = { type, eventId, pageId: PAGE, at }
  await scene.append('page', [{ key: PAGE, record: 'PageEvent', value }])
}
