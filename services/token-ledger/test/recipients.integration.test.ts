/** Accounts and entries on real engines: resolved by the ledger, and the same after a rebuild. */
import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linked, pluggedIn, referred, unlinked } from './engagement-facts.ts'
import { engaged, optIn, PAGE, personOf, vault } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

const OTHER = '1001'
let scene: Scene
let ledger: Ledger
beforeAll(async () => {
  scene = await openScene()
  ledger = await scene.start()
  await ledger.ready()
})
afterAll(() => scene[Symbol.asyncDispose]())

const ask = async (...items: readonly object[]) =>
  (await ledger.post('/v1/candidates', { items })).body.items
const nobody = { person: null, tokens: [], asOf: {} }

test('an account names whom it is linked to, on its page alone, sealed as it came [S1-12]', async () => {
  const [psid, other] = [digits(), digits()]
  const user = `customer ${psid}: 顧客`
  const link = linked({ psid, at: 10 }, user)
  await scene.append('optIn', [optIn({ psid, token: digits() })])
  await scene.append('engagement', [link, linked({ psid: other, at: 20, page: OTHER }, user)])
  await ledger.settled()
  const [here, there] = await ask(
    { pageId: PAGE, externalUserId: user, topic: 'restock-1' },
    { pageId: OTHER, externalUserId: user },
  )
  expect(here).toMatchObject({ person: personOf(psid), tokens: [{ topic: 'restock-1' }] })
  expect(there.person).toBe(personOf(other, OTHER))
  const { eventId, keyId, sealed } = here.account
  const context = { record: 'EngagementEvent', eventId, owner: here.person }
  const opened = vault.open({ keyId, sealed: Buffer.from(sealed, 'base64') }, context)
  expect(opened).toEqual({ psid, externalUserId: user })
  // Whoever links it next may lie in any partition.
  expect(here.asOf).toEqual({})
  expect(Object.keys(here.asOfAll)).toHaveLength(5)

  await scene.append('engagement', [unlinked({ psid, at: 30 })])
  await ledger.settled()
  const [gone, still] = await ask(
    { pageId: PAGE, externalUserId: user },
    { pageId: OTHER, externalUserId: user },
  )
  expect(gone).toMatchObject(nobody)
  expect(still.person).toBe(personOf(other, OTHER))
})

test('an account that somebody else links goes to them, and a rebuild knows it [S1-12, S1-10]', async () => {
  const [first, second] = [digits(), digits()]
  const user = `customer-${first}`
  const referral = { source: 'SHORTLINK', ref: 'sommer=1&ä=☀' }
  await scene.append('engagement', [
    referred({ psid: first, at: 5 }, referral),
    linked({ psid: first, at: 10 }, user),
    linked({ psid: second, at: 20 }, user),
  ])
  await ledger.settled()
  const question = { pageId: PAGE, externalUserId: user }
  expect((await ask(question))[0].person).toBe(personOf(second))
  await ledger.post('/v1/operations/rebuild')
  const isOver = async () => {
    const { rebuild } = (await ledger.get('/v1/operations/rebuild')).body
    return rebuild?.state === 'running' ? null : rebuild
  }
  const report = await waitFor(isOver, { timeoutMs: 60_000, describe: 'the rebuild to end' })
  expect(report).toMatchObject({ state: 'done', comparison: { differences: 0 } })
  expect((await ask(question))[0].person).toBe(personOf(second))
  const { body } = await ledger.get(`/v1/pages/${PAGE}/persons/${first}`)
  // The link that was taken over is still the person's own account.
  expect(body).toMatchObject({ attribution: 'SHORTLINK', account: { linkedAt: 10 } })
})

describe('what is known of a person', () => {
  test('is shown as it came to keys with the scope personal, and to no others [S1-10]', async () => {
    const psid = digits()
    const [ref, userRef] = ['data ref ☂ "x"', 'checkbox/7']
    await scene.append('engagement', [
      pluggedIn({ psid, at: 3 }, { ref, userRef }),
      linked({ psid, at: 4 }, 'u-1'),
      engaged(psid, { occurredAt: 5 }),
    ])
    await ledger.settled()
    const path = `/v1/pages/${PAGE}/persons/${psid}`
    const entry = { kind: 'plugin', source: null, at: 3 }
    const known = { pageId: PAGE, person: personOf(psid), threadOwner: null, attribution: 'plugin' }
    const account = { linkedAt: 4 }
    const { body } = await ledger.get(path)
    expect(body).toEqual({ ...known, windowOpenUntil: 86_400_005, entries: [entry], account })
    const personal = await ledger.get(path, 'personal-key')
    expect(personal.body).toMatchObject({
      entries: [{ ...entry, ref, userRef }],
      account: { ...account, externalUserId: 'u-1' },
    })
  })

  test('is complete without any referral: unknown is said, not guessed [S1-11]', async () => {
    const psid = digits()
    await scene.append('optIn', [optIn({ psid, token: digits() })])
    await ledger.settled()
    const { body } = await ledger.get(`/v1/pages/${PAGE}/persons/${psid}`)
    expect(body).toMatchObject({ attribution: 'unknown', entries: [], account: null })
    const [found] = await ask({ pageId: PAGE, psid })
    expect(found.tokens).toMatchObject([{ state: 'live' }])
    const missing = await ledger.get(`/v1/pages/${PAGE}/persons/${digits()}`)
    expect(missing.body).toMatchObject({ status: 404, code: 'OTN_HTTP_NOT_FOUND' })
  })
})
