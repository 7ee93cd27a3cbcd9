import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aboutPage, called, engaged, optIn, PAGE, tokenIdOf } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await openScene()
  const people = Array.from({ length: 60 }, () => ({ psid: digits(), token: digits() }))
  await scene.append('page', [aboutPage('PageConnected'), aboutPage('TopicDeclared')])
  await scene.append(
    'optIn',
    people.map((one) => optIn(one)),
  )
  const sent = people.slice(0, 20)
  for (const type of ['NotificationAttempted', 'NotificationSent'] as const) {
    await scene.append(
      'notification',
      sent.map((one) => called({ type, ...one })),
    )
  }
  await scene.append(
    'engagement',
    people.map(({ psid }) => engaged(psid, { occurredAt: 5 })),
  )
})

afterAll(() => scene[Symbol.asyncDispose]())

const digest = async (ledger: Ledger) => {
  await ledger.settled()
  const { body } = await ledger.get('/v1/operations/digest')
  expect(body.atRest).toBe(true)
  expect(body.collections.tokens.documents).toBeGreaterThanOrEqual(60)
  return body.digest
}

const noticed = async (ledger: Ledger) => {
  const isNoticed = () => ledger.failures.length > 0
  await waitFor(isNoticed, { timeoutMs: 90_000, describe: 'the loss to be noticed' })
  expect(ledger.failures[0]).toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
  await ledger.close()
}

const emptyings: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['dropping the database', () => scene.db.dropDatabase()],
  ['dropping one collection', async () => dropFirst(/^tokens_v/)],
  ['deleting every document of one collection', async () => deleteAll(/^persons_v/)],
  ['deleting the generation alone', () => scene.db.collection('generation').deleteMany({})],
  ['dropping the cursors', async () => dropFirst(/^cursors_v/)],
]

async function dropFirst(pattern: RegExp): Promise<void> {
  await scene.db.dropCollection(await nameLike(pattern))
}

async function deleteAll(pattern: RegExp): Promise<void> {
  await scene.db.collection(await nameLike(pattern)).deleteMany({})
}

async function nameLike(pattern: RegExp): Promise<string> {
  const found = await scene.db.listCollections().toArray()
  const name = found.map((collection) => collection.name).find((known) => pattern.test(known))
  if (name === undefined) throw new Error(`no collection is like ${pattern}`)
  return name
}

describe('[S0-22] [D-04] a read model that was lost', () => {
  test.each(emptyings)('by %s is noticed and rebuilt equal', async (_, empty) => {
    const before = await scene.start()
    const wanted = await digest(before)
    await empty()
    await noticed(before)
    const after = await scene.start()
    expect(await digest(after)).toBe(wanted)
    await after.close()
  })

  test('gives no answer out of emptiness meanwhile', async () => {
    const ledger = await scene.start()
    const known = { psid: digits(), token: digits() }
    await scene.append('optIn', [optIn(known)])
    await ledger.settled()
    const answers: number[] = []
    const asking = (async () => {
      while (ledger.failures.length === 0) {
        answers.push((await ledger.get(`/v1/tokens/${tokenIdOf(known.token)}`)).status)
        const items = [{ pageId: PAGE, psid: known.psid }]
        const { status, body } = await ledger.post('/v1/candidates', { items })
        answers.push(status === 200 && body.items[0].tokens.length === 0 ? 404 : status)
      }
    })()
    await waitFor(() => answers.length > 20, { timeoutMs: 90_000, describe: 'answers' })
    await scene.db.dropDatabase()
    await asking
    expect(new Set(answers)).toEqual(new Set([200, 503]))
    await noticed(ledger)
  })

  test('answers 503 while it is folded for the first time', async () => {
    const ledger = await scene.start()
    await ledger.settled()
    const generation = scene.db.collection('generation')
    await generation.updateOne({}, { $set: { state: 'filling' } })
    const { status, body } = await ledger.get(`/v1/pages/${PAGE}/tokens`)
    expect([status, body.code]).toEqual([503, 'OTN_HTTP_UNAVAILABLE'])
    expect((await ledger.get('/v1/position')).status).toBe(200)
    await ledger.close()
    const again = await scene.start()
    await again.settled()
    expect((await again.get(`/v1/pages/${PAGE}/tokens`)).status).toBe(200)
  })
})
