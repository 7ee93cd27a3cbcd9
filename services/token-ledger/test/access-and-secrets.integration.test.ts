import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { called, engaged, optIn, PAGE, personOf, tokenIdOf } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

const planted = { psid: '9081726354091827', token: 'planted-token-e7', payload: 'planted 在庫 😀' }

let scene: Scene
let ledger: Ledger

beforeAll(async () => {
  scene = await openScene()
  ledger = await scene.start()
  await scene.append('optIn', [optIn(planted)])
  await scene.append('notification', [called({ type: 'NotificationAttempted', ...planted })])
  await scene.append('engagement', [engaged(planted.psid, { occurredAt: 5 })])
  await ledger.settled()
})

afterAll(() => scene[Symbol.asyncDispose]())

const token = `/v1/tokens/${tokenIdOf(planted.token)}`
const reads = [
  token,
  `${token}/history`,
  `/v1/pages/${PAGE}/tokens`,
  `/v1/pages/${PAGE}/persons/${planted.psid}/tokens`,
  `/v1/pages/${PAGE}/persons/${personOf(planted.psid)}/tokens`,
  `/v1/pages/${PAGE}/audience?topic=restock-1234&expiresBefore=0`,
  `/v1/pages/${PAGE}/persons`,
  `/v1/pages/${PAGE}/persons/${personOf(planted.psid)}`,
  `/v1/pages/${PAGE}/topics`,
  '/v1/position',
]
const operations = ['/v1/operations/digest', '/v1/operations/rebuild']

describe('who may ask', () => {
  test.each([...reads, ...operations])('%s wants a key with the right scope', async (path) => {
    expect((await ledger.get(path, null)).status).toBe(401)
    expect((await ledger.get(path, 'nobodys-key')).status).toBe(401)
    const { status, body } = await ledger.get(path, 'writer-key')
    expect([status, body.code]).toEqual([403, 'OTN_HTTP_FORBIDDEN'])
    expect((await ledger.get(path, 'reader-key')).status).toBe(200)
  })

  test('candidates and rebuilds want theirs', async () => {
    const body = { items: [{ pageId: PAGE, psid: planted.psid }] }
    expect((await ledger.post('/v1/candidates', body, 'writer-key')).status).toBe(403)
    expect((await ledger.post('/v1/operations/rebuild', undefined, 'personal-key')).status).toBe(
      403,
    )
  })

  test('health, metrics and the document are open', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json']) {
      expect((await ledger.get(path, null)).status).toBe(200)
    }
  })

  test('the document describes every route that there is', async () => {
    const { body } = await ledger.get('/openapi.json', null)
    expect(body.openapi).toBe('3.1.0')
    expect(Object.keys(body.paths).sort()).toEqual([
      '/v1/candidates',
      '/v1/operations/digest',
      '/v1/operations/rebuild',
      '/v1/pages/{pageId}/audience',
      '/v1/pages/{pageId}/persons',
      '/v1/pages/{pageId}/persons/{person}',
      '/v1/pages/{pageId}/persons/{person}/tokens',
      '/v1/pages/{pageId}/tokens',
      '/v1/pages/{pageId}/topics',
      '/v1/position',
      '/v1/tokens/{tokenId}',
      '/v1/tokens/{tokenId}/history',
    ])
  })
})

describe('what is personal', () => {
  test('the payload is told, byte-equal, to keys with the scope for it alone [S0-22]', async () => {
    for (const path of [token, `/v1/pages/${PAGE}/tokens`]) {
      const { body, text } = await ledger.get(path, 'personal-key')
      expect((body.items?.[0] ?? body).payload).toBe(planted.payload)
      expect(text).not.toContain(planted.token)
      expect((await ledger.get(path)).text).not.toContain('payload')
    }
  })

  test('no answer, log line or metric holds a raw token or PSID, nor a payload unasked', async () => {
    const answers = await Promise.all([...reads, ...operations].map((path) => ledger.get(path)))
    const items = [{ pageId: PAGE, psid: planted.psid }]
    answers.push(await ledger.post('/v1/candidates', { items }))
    answers.push(await ledger.get(`/v1/pages/${PAGE}/persons/${planted.psid}x/tokens`))
    answers.push(await ledger.get('/metrics', null))
    const told = [ledger.logged(), ...answers.map(({ text }) => text)]
    expect(told.join('').length).toBeGreaterThan(10_000)
    for (const text of told) {
      for (const secret of [planted.psid, planted.token, planted.payload, 'planted']) {
        expect(text).not.toContain(secret)
      }
    }
  })

  test('MongoDB keeps none of them in clear', async () => {
    const collections = await scene.db.listCollections().toArray()
    const documents = await Promise.all(
      collections.map(({ name }) => scene.db.collection(name).find().toArray()),
    )
    const text = JSON.stringify(documents)
    expect(text).toContain(personOf(planted.psid))
    expect(text).not.toMatch(new RegExp(`${planted.psid}|planted`))
  })
})

describe('what cannot be asked', () => {
  test.each([
    ['/v1/tokens/xyz', 'tokenId'],
    ['/v1/pages/abc/tokens', 'pageId'],
    [`/v1/pages/${PAGE}/tokens?limit=201`, 'limit'],
    [`/v1/pages/${PAGE}/tokens?state=gone`, 'state'],
    [`/v1/pages/${PAGE}/tokens?after=1`, 'after'],
    [`/v1/pages/${PAGE}/tokens?expiresBefore=soon`, 'expiresBefore'],
    [`/v1/pages/${PAGE}/persons/short/tokens`, 'person'],
  ])('%s is refused by the name of the field', async (path, field) => {
    const { status, body } = await ledger.get(path)
    expect([status, body.code]).toEqual([400, 'OTN_HTTP_INVALID'])
    expect(body.detail).toContain(field)
  })

  test('an unknown person simply holds no tokens, an unknown token is not found', async () => {
    const { body } = await ledger.get(`/v1/pages/${PAGE}/persons/${digits()}/tokens`)
    expect(body).toEqual({ items: [], next: null })
    expect((await ledger.get(`/v1/tokens/${'0'.repeat(32)}`)).status).toBe(404)
  })
})
