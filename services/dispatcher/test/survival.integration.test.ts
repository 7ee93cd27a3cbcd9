import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { NotificationEvent } from '@otn/contracts'
import { pageId, pageScopedUserId } from '@otn/kernel'
import { faultProxy, waitFor } from '@otn/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  connectPage,
  type Granted,
  openScene,
  PAGE,
  type Scene,
  TOPIC,
  until,
} from './support/scene.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
const HOUR_MS = 3_600_000

describe('claims that outlive what keeps them', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await openScene()
  })
  afterEach(() => scene[Symbol.asyncDispose]())

  const to = ({ psid }: Granted) => ({ psid: pageScopedUserId(psid) })
  const waitsForPage = ({ type, reason }: NotificationEvent) =>
    type === 'NotificationScheduled' && reason === 'page-blocked'

  /** One command of each fate, and what the books say of them. */
  async function everyFate(): Promise<readonly string[]> {
    const error = { code: 551, error_subcode: 1545041, message: 'no', type: 'X' }
    const [sent, refused, doubtful, waiting] = await Promise.all(
      [1, 2, 3, 4].map(() => scene.grant()),
    )
    if (!sent || !refused || !doubtful || !waiting) throw new Error('four were granted')
    scene.graph.fate = ({ token }) => {
      if (token === refused.token) return { status: 400, error }
      return token === doubtful.token ? 'accept-unheard' : 'accept'
    }
    const notBefore = scene.clock.now + HOUR_MS
    const commands = await Promise.all([
      scene.notify({ ...to(sent), requestedBy: 'shop', requestedAt: scene.clock.now }),
      scene.notify(to(refused)),
      scene.notify(to(doubtful)),
      scene.notify({ ...to(waiting), notBefore }),
      scene.notify({ ...to(sent), text: '' }),
    ])
    const ids = commands.map(({ commandId }) => commandId)
    const ends = ['Sent', 'Failed', 'InDoubt', 'Scheduled'].map((name) => `Notification${name}`)
    await Promise.all(ids.map((id) => scene.ended(id, ends)))
    await until('the doubt that stands', () =>
      ids.some((id) => scene.facts(id).some(({ reason }) => reason === 'doubt-stands')),
    )
    return ids
  }

  test('a page that the platform had stopped is tried with one call after a restart', async () => {
    const quick = { DISPATCHER_TICK_MS: '50' }
    const granted = await Promise.all([1, 2, 3].map(() => scene.grant()))
    const tokens = new Set(granted.map(({ token }) => token))
    const error = { code: 368, message: 'blocked', type: 'OAuthException' }
    scene.graph.fate = ({ token }) => (tokens.has(token) ? { status: 400, error } : 'accept')
    const tries = () => scene.graph.calls.filter(({ token }) => tokens.has(token)).length
    const first = await scene.start(quick)
    for (const one of granted) {
      const { commandId: id } = await scene.notify(to(one))
      await until(`${id} to wait`, () => scene.facts(id).find(waitsForPage))
    }
    await first.close()
    const before = tries()
    await scene.start(quick)
    await until('a try', () => tries() > before)
    const neighbour = pageId('1001')
    await connectPage(scene, neighbour)
    const other = await scene.grant('777', { page: neighbour })
    const { commandId: id } = await scene.notify({ ...to(other), pageId: neighbour })
    expect(await scene.ended(id)).toMatchObject({ type: 'NotificationSent' })
    expect(tries()).toBe(before + 1)
  })

  test('an emptied store is noticed, rebuilt from the log alone, equal, and nothing is sent again', async () => {
    const quick = { DISPATCHER_SETTLE_MS: '200', DISPATCHER_TICK_MS: '50' }
    const first = await scene.start(quick)
    await everyFate()
    const before = await owedDigest(first, 1)
    const calls = scene.graph.calls.length
    await scene.db.dropDatabase()
    const failure = await until('the failure', () => first.failures[0])
    expect(failure).toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
    await first.close()
    const second = await scene.start(quick)
    await waitFor(async () => expect(await owedDigest(second, 1)).toBe(before), {
      timeoutMs: 90_000,
      describe: 'the same digest',
    })
    expect(scene.graph.calls).toHaveLength(calls)
    scene.clock.now += 2 * HOUR_MS
    await until('the waiting command', () => scene.graph.calls.length > calls)
    await second.digest()
    expect(scene.graph.calls).toHaveLength(calls + 1)
  })

  test('a restart goes on where it was: nothing twice, the waiting command in its time', async () => {
    const first = await scene.start()
    const granted = await scene.grant()
    const notBefore = scene.clock.now + HOUR_MS
    const { commandId: waiting } = await scene.notify({ ...to(granted), notBefore })
    const done = await scene.notify(to(await scene.grant()))
    await scene.ended(done.commandId)
    await scene.ended(waiting, ['NotificationScheduled'])
    await first.close()
    const facts = scene.facts(done.commandId)
    await scene.start()
    scene.clock.now = notBefore
    expect(await scene.ended(waiting)).toMatchObject({ type: 'NotificationSent' })
    expect(scene.facts(done.commandId)).toEqual(facts)
    expect(scene.graph.calls).toHaveLength(2)
  })

  test('[K7] killed in the middle of a call, the next process settles it with the same token', async () => {
    const granted = await scene.grant()
    scene.graph.fate = () => 'hang'
    const times = {
      ...{ DISPATCHER_LEASE_MS: '2000', DISPATCHER_CALL_TIMEOUT_MS: '500' },
      ...{ DISPATCHER_START_TIMEOUT_MS: '300', DISPATCHER_APPEND_TIMEOUT_MS: '900' },
      ...{ DISPATCHER_SETTLE_MS: '300', DISPATCHER_TICK_MS: '50' },
      DISPATCHER_SESSION_TIMEOUT_MS: '6000',
    }
    const victim = startProcess({ ...scene.env, ...times })
    const { commandId: id } = await scene.notify(to(granted))
    await until('the call', () => scene.graph.calls.length > 0)
    victim.kill('SIGKILL')
    scene.graph.fate = () => 'accept'
    await scene.start(times)
    const sent = await scene.ended(id)
    expect(sent).toMatchObject({ type: 'NotificationSent', attempt: 2, tokenId: granted.tokenId })
    const told = scene.facts(id).map(({ type, attempt }) => `${type} ${attempt}`)
    expect(told).toEqual([
      ...['NotificationAttempted 1', 'NotificationInDoubt 1', 'NotificationAttempted 2'],
      'NotificationSent 2',
    ])
    expect(new Set(scene.graph.calls.map(({ token }) => token))).toEqual(new Set([granted.token]))
  })

  test('killed, its successor takes and sends commands before the dead member leaves the group', async () => {
    const session = { DISPATCHER_SESSION_TIMEOUT_MS: '30000' }
    const victim = startProcess({ ...scene.env, ...session })
    const first = await scene.notify(to(await scene.grant()))
    await scene.ended(first.commandId)
    victim.kill('SIGKILL')
    const { psid } = await scene.grant()
    const next = await scene.start(session)
    expect((await next.get('/health/ready')).status).toBe(200)
    const body = { pageId: PAGE, psid, topic: TOPIC, text: 'a' }
    const answer = await next.post('/v1/notifications', body, { 'idempotency-key': 'after' })
    expect(answer.status).toBe(202)
    expect(await scene.ended('after')).toMatchObject({ type: 'NotificationSent' })
    const { text: metrics } = await next.get('/metrics')
    expect(metrics).toMatch(/otn_dispatcher_group_joined\{group="dispatcher",[^}]*\} 0/)
  })

  test('two dispatchers share the work of one token and one command without a second call', async () => {
    await Promise.all([scene.start(), scene.start()])
    const granted = await Promise.all(Array.from({ length: 20 }, () => scene.grant()))
    const commands = await Promise.all(
      granted.flatMap((one) => [scene.notify(to(one)), scene.notify({ tokenId: one.tokenId })]),
    )
    const ends = await Promise.all(commands.map(({ commandId: id }) => scene.ended(id)))
    expect(ends.filter(({ type }) => type === 'NotificationSent')).toHaveLength(20)
    expect(scene.graph.calls).toHaveLength(20)
  })

  test('a store that is cut off again and again costs time, never a message or a verdict', async () => {
    const target = new URL(scene.scope.mongodbUri).host
    await using proxy = await faultProxy({ target })
    const through = `mongodb://${proxy.address}/?directConnection=true`
    await scene.start({ MONGODB_URI: through, DISPATCHER_SETTLE_MS: '300' })
    const granted = await Promise.all(Array.from({ length: 40 }, () => scene.grant()))
    const commands = await Promise.all(granted.map((one) => scene.notify(to(one))))
    for (let cut = 0; cut < 8; cut += 1) {
      const seen = scene.graph.calls.length
      await until('some progress', () => scene.graph.calls.length > seen || seen >= 40)
      proxy.cut()
    }
    const ends = await Promise.all(commands.map(({ commandId: id }) => scene.ended(id, ENDS)))
    expect(ends.filter(({ type }) => type === 'NotificationFailed')).toEqual([])
    expect(scene.graph.delivered).toHaveLength(40)
    expect(new Set(scene.graph.delivered.map(({ token }) => token)).size).toBe(40)
  })

  test('a store of another cluster or pepper, and half a store, are never used', async () => {
    const first = await scene.start()
    await first.close()
    await scene.db.collection('state').updateOne({}, { $set: { clusterId: 'another' } })
    await expect(scene.start()).rejects.toMatchObject({ code: 'OTN_STORE_CLUSTER_CHANGED' })
    await scene.db.collection('state').deleteMany({})
    const rebuilt = await scene.start()
    expect(await rebuilt.digest()).toMatch(/^[0-9a-f]{64}$/)
    await rebuilt.close()
    const other = { OTN_PERSON_PEPPER: 'another-pepper' }
    await expect(scene.start(other)).rejects.toMatchObject({ code: 'OTN_CONFIG_INVALID' })
  })

  test('a port that is taken stops the start with one clear message', async () => {
    const first = await scene.start()
    const { port } = new URL(first.url)
    await expect(scene.start({ DISPATCHER_PORT: port })).rejects.toThrow(/DISPATCHER_PORT.*taken/)
    expect((await first.get(`/v1/pages/${PAGE}/notifications/x`)).status).toBe(404)
  })
})

const ENDS = ['NotificationSent', 'NotificationFailed', 'NotificationInDoubt']

/** The digest once this many commands are owed: the one that waits for its time is. */
function owedDigest(
  dispatcher: { get(path: string): Promise<{ readonly body: { digest: string; owed: number } }> },
  owed: number,
): Promise<string> {
  return until(`${owed} owed`, async () => {
    const { body } = await dispatcher.get('/v1/operations/digest')
    return body.owed === owed ? body.digest : null
  })
}

function startProcess(env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = '' } = process.env
  return spawn(process.execPath, [MAIN], { env: { PATH, ...env }, stdio: 'ignore' })
}
