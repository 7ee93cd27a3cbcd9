import { pageScopedUserId } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echo } from './support/echo.ts'
import type { GraphCall } from './support/fake-graph.ts'
import {
  type Dispatcher,
  type Granted,
  openScene,
  PAGE,
  PLANTED,
  type Scene,
  until,
} from './support/scene.ts'

const CODE = 987_654

describe('a doubt that a person settles', () => {
  let scene: Scene
  let dispatcher: Dispatcher
  beforeAll(async () => {
    scene = await openScene()
    dispatcher = await scene.start()
  })
  afterAll(() => scene[Symbol.asyncDispose]())

  /** A command that an answer with a code of nobody's table left in doubt. */
  async function doubted(said = 'Something new') {
    const granted = await scene.grant()
    scene.graph.fate = () => ({
      status: 400,
      error: { code: CODE, error_subcode: 7, message: said, type: 'XException', fbtrace_id: 'A1x' },
    })
    const { commandId } = await scene.notify({ psid: pageScopedUserId(granted.psid) })
    await scene.ended(commandId, ['NotificationInDoubt'])
    scene.graph.fate = () => 'accept'
    const path = `/v1/pages/${PAGE}/notifications/${commandId}`
    const settle = (body: object, headers = {}) =>
      dispatcher.post(`${path}/settlement`, { settledBy: 'ada', ...body }, headers)
    const call = scene.graph.calls.findLast(({ token }) => token === granted.token)
    if (!call) throw new Error('no call was made')
    return { granted, id: commandId, path, settle, call }
  }
  const spend = async ({ psid }: Granted) => {
    const { commandId } = await scene.notify({ psid: pageScopedUserId(psid) })
    return scene.ended(commandId)
  }
  const counted = async (metric: string) => {
    const { text } = await dispatcher.get('/metrics')
    return Number(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  }

  test('is shown with the redacted answer, wherever it is asked for, and counted', async () => {
    const { granted, id, path } = await doubted('No user 4400000000001, mail ada@shop.example')
    const detail = 'HTTP 400, XException: No user […], mail […]'
    const answer = { graphCode: CODE, graphSubcode: 7, fbtraceId: 'A1x', detail }
    const about = { reason: 'graph-unlisted', tokenId: granted.tokenId, ...answer }
    const known = await dispatcher.get(path)
    expect(known.body).toMatchObject({ state: 'in-doubt', attempts: [{ number: 1, ...about }] })
    const list = await dispatcher.get(`/v1/doubts?page=${PAGE}`, 'reader-key')
    const item = list.body.items.find(({ commandId }: { commandId: string }) => commandId === id)
    expect(item).toMatchObject({ pageId: PAGE, attempt: 1, settles: ['echo', 'person'], ...about })
    expect(list.text).not.toContain(granted.psid)
    const metric = `otn_graph_unknown_codes_total\\{code="${CODE}",subcode="7"`
    expect((await dispatcher.get('/metrics')).text).toMatch(new RegExp(metric))
  })

  test('[U3] as not sent frees its token, which the next command spends', async () => {
    const { granted, id, settle } = await doubted()
    expect(await spend(granted)).toMatchObject({ reason: 'token-held' })
    const answer = await settle({ outcome: 'not-sent', reason: 'nothing in the inbox' })
    expect(answer).toMatchObject({ status: 200, body: { state: 'failed', settledBy: 'ada' } })
    expect(await scene.ended(id)).toMatchObject({
      ...{ type: 'NotificationFailed', attempt: 1, certainty: 'OPERATOR', settledBy: 'ada' },
      ...{ reason: 'operator-settled', detail: 'nothing in the inbox', tokenReleased: true },
    })
    expect(await spend(granted)).toMatchObject({ type: 'NotificationSent' })
    expect(await settle({ outcome: 'sent' })).toMatchObject({ status: 409 })
    const again = await settle({ outcome: 'not-sent' })
    expect([again.status, again.body]).toEqual([200, answer.body])
  })

  test('[U3] as sent keeps its token spent', async () => {
    const { granted, id, settle } = await doubted()
    expect(await settle({ outcome: 'sent', messageId: 'm_seen' })).toMatchObject({ status: 200 })
    const told = { type: 'NotificationSent', certainty: 'OPERATOR', messageId: 'm_seen' }
    expect(await scene.ended(id)).toMatchObject({ ...told, tokenId: granted.tokenId })
    expect(await spend(granted)).toMatchObject({ reason: 'token-spent' })
  })

  test('as not sent, and whose echo comes after all, is told to who must look', async () => {
    const { granted, id, settle, call } = await doubted()
    await settle({ outcome: 'not-sent' })
    const before = await counted('otn_dispatcher_contradictions_total')
    await echo(scene, { call: call satisfies GraphCall, granted })
    await until('the contradiction', async () => {
      const now = await counted('otn_dispatcher_contradictions_total')
      return now === before + 1 || null
    })
    expect(scene.facts(id).filter(({ type }) => type === 'NotificationSent')).toEqual([])
  })

  test('is settled by who holds the scope for it alone', async () => {
    const { settle, path } = await doubted()
    const reader = { authorization: 'Bearer reader-key' }
    expect((await settle({ outcome: 'sent' }, reader)).status).toBe(403)
    expect((await dispatcher.get(path)).body.state).toBe('in-doubt')
  })

  test('stands so in claims that are rebuilt from the log alone', async () => {
    const [freed, spent, open] = [await doubted(), await doubted(), await doubted()]
    await freed.settle({ outcome: 'not-sent' })
    await spent.settle({ outcome: 'sent' })
    const before = await dispatcher.digest()
    await scene.db.dropDatabase()
    await until('the failure', () => dispatcher.failures[0])
    await dispatcher.close()
    dispatcher = await scene.start()
    await until('the same digest', async () => (await dispatcher.digest()) === before || null)
    expect(await spend(freed.granted)).toMatchObject({ type: 'NotificationSent' })
    expect(await spend(spent.granted)).toMatchObject({ reason: 'token-spent' })
    expect(await spend(open.granted)).toMatchObject({ reason: 'token-held' })
    expect((await dispatcher.get(open.path)).body.attempts[0]).toMatchObject({ graphCode: CODE })
    expect(dispatcher.logged()).not.toContain(PLANTED.pageToken)
  })
})
