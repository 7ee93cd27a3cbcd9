import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { called, engaged, optIn, PAGE, tokenIdOf } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

let scene: Scene
let ledger: Ledger

beforeAll(async () => {
  scene = await openScene()
  ledger = await scene.start()
  for (let round = 0; round < 20; round += 1) await write(50)
  await ledger.settled()
})

afterAll(() => scene[Symbol.asyncDispose]())

async function write(count: number): Promise<readonly string[]> {
  const people = Array.from({ length: count }, () => ({ psid: digits(), token: digits() }))
  const calls = people.filter((_, n) => n % 3 === 0)
  await scene.append(
    'optIn',
    people.map((one) => optIn(one)),
  )
  const sent = calls.map((one) => called({ type: 'NotificationSent', command: one.token, ...one }))
  await scene.append('notification', sent)
  await scene.append(
    'engagement',
    people.map(({ psid }) => engaged(psid, { occurredAt: 5 })),
  )
  return people.map(({ token }) => token)
}

async function rebuilt(by: Ledger = ledger) {
  const isOver = async () => {
    const { body } = await by.get('/v1/operations/rebuild')
    return body.rebuild?.state === 'running' ? null : body.rebuild
  }
  return waitFor(isOver, { timeoutMs: 60_000, describe: 'the rebuild to end' })
}

const digest = async () => (await ledger.get('/v1/operations/digest')).body

const versions = async () => {
  const found = await scene.db.listCollections().toArray()
  return found
    .map(({ name }) => name)
    .filter((name) => /_v\d+$/.test(name))
    .sort()
}

describe('a rebuild', () => {
  test('under live traffic is equal at one position, and no answer is wrong [S0-22]', async () => {
    const { version } = await digest()
    const [known = ''] = await write(1)
    await ledger.settled()
    const started = await ledger.post('/v1/operations/rebuild')
    expect(started.status).toBe(202)
    expect(started.body).toMatchObject({ state: 'running', fromVersion: version, comparison: null })
    const state = { isOver: false, answers: 0 }
    const written: string[] = []
    const writing = (async () => {
      while (!state.isOver) written.push(...(await write(20)))
    })()
    const asking = (async () => {
      while (!state.isOver) {
        const { status, body } = await ledger.get(`/v1/tokens/${tokenIdOf(known)}`)
        expect([status, body.state]).toEqual([200, 'redeemed'])
        state.answers += 1
      }
    })()
    const report = await rebuilt()
    state.isOver = true
    await Promise.all([writing, asking])
    expect(report).toMatchObject({ state: 'done', error: null, toVersion: report.fromVersion + 1 })
    expect(report.comparison).toMatchObject({ equal: true, differences: 0, different: [] })
    expect(report.comparison.before.digest).toBe(report.comparison.after.digest)
    expect(report.events).toBeGreaterThan(2_000)
    expect(state.answers).toBeGreaterThan(10)
    await ledger.settled()
    for (const token of written) {
      expect((await ledger.get(`/v1/tokens/${tokenIdOf(token)}`)).status).toBe(200)
    }
    const suffix = `_v${report.toVersion}`
    expect((await versions()).every((name) => name.endsWith(suffix))).toBe(true)
    expect(ledger.failures).toEqual([])
  })

  test('on a log at rest gives the digest that there was [D-04]', async () => {
    await ledger.settled()
    const before = await digest()
    await ledger.post('/v1/operations/rebuild')
    await rebuilt()
    const after = await digest()
    expect(after.digest).toBe(before.digest)
    expect(after.version).toBeGreaterThan(before.version)
  })

  test('tells which documents were wrong, and serves them right', async () => {
    await ledger.settled()
    const [token = ''] = await write(1)
    await ledger.settled()
    const { version } = await digest()
    const id = tokenIdOf(token)
    const tokens = scene.db.collection<{ _id: string }>(`tokens_v${version}`)
    await tokens.updateOne({ _id: id }, { $set: { 'view.state': 'live', notification: null } })
    expect((await ledger.get(`/v1/tokens/${id}`)).body.state).toBe('live')
    await ledger.post('/v1/operations/rebuild')
    const { comparison } = await rebuilt()
    expect(comparison).toMatchObject({ equal: false, differences: 1, different: [`tokens/${id}`] })
    expect((await ledger.get(`/v1/tokens/${id}`)).body.state).toBe('redeemed')
  })

  test('runs once at a time, whichever process is asked', async () => {
    const other = await scene.start()
    const answers = await Promise.all([
      ledger.post('/v1/operations/rebuild'),
      other.post('/v1/operations/rebuild'),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
    expect(await rebuilt(other)).toEqual(await rebuilt(ledger))
    await ledger.settled()
    await other.close()
  })

  test('that is interrupted leaves what is served untouched', async () => {
    await ledger.settled()
    const before = await digest()
    const other = await scene.start()
    await other.post('/v1/operations/rebuild')
    await other.close()
    expect(await rebuilt()).toMatchObject({ state: 'failed', comparison: null })
    expect(await digest()).toMatchObject({ digest: before.digest, version: before.version })
    expect((await ledger.get(`/v1/pages/${PAGE}/tokens`)).body.items).toHaveLength(50)
    await ledger.post('/v1/operations/rebuild')
    expect(await rebuilt()).toMatchObject({ state: 'done', comparison: { equal: true } })
  })
})
