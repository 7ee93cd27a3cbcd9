/** From nothing to a green page, and each failure on the way with what to do next. */
import { DAY_MS, eventId, pageId } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { createVault, parseMasterKeys } from '@otn/vault'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPagesScene, type PagesScene, type Registry } from '../src/pages-scene.ts'

let scene: PagesScene
let registry: Registry
let first: string
let second: string
let third: string

beforeAll(async () => {
  scene = await openPagesScene()
  registry = await scene.startRegistry()
  ;[first = '', second = '', third = ''] = scene.meta.pages.map((page) => page.pageId)
})

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
})

const connect = (page: string, more: object = {}, by: Registry = registry) =>
  by.steps(`/v1/pages/${page}/connect`, { userToken: scene.login(), ...more })
const card = async (page: string) => (await registry.get(`/v1/pages/${page}`)).body
const isFollowed = (page: string) =>
  scene.meta.following().pages.find(({ pageId: id }) => id === page)?.followed

/** What a failed request must not change. */
async function standing() {
  const { pages } = scene.meta.following()
  // Partitions have no order among each other.
  const facts = (await scene.facts('page')).map(({ type, eventId: id }) => `${id} ${type}`)
  return { facts: facts.sort(), followed: pages.map(({ followed }) => followed) }
}

async function failure(page: string, more: object = {}, by: Registry = registry) {
  const before = await standing()
  const { isGreen, steps, failed } = await connect(page, more, by)
  expect(isGreen).toBe(false)
  expect(failed?.sentence).toMatch(/^[^.]+.*\.$/)
  expect(failed?.next).toMatch(/\w/)
  const at = steps.findIndex(({ outcome }) => outcome === 'failed')
  expect(steps.slice(0, at).every(({ outcome }) => outcome === 'done')).toBe(true)
  expect(steps.slice(at + 1).every(({ outcome }) => outcome === 'not-reached')).toBe(true)
  expect(await standing()).toEqual(before)
  return failed
}

describe('from nothing', () => {
  test('[S1-42] a login shows every page that can be followed, none of them yet', async () => {
    expect((await registry.get('/v1/pages')).body).toEqual({ items: [], next: null })
    const { body } = await registry.post('/v1/offers', { userToken: scene.login() })
    const open = { isConnected: false, isFollowed: false, otherApps: [], fault: null }
    expect(body.items).toMatchObject(
      [first, second, third].map((page) => ({ pageId: page, ...open })),
    )
  })

  test('[S1-02, S1-36, S1-41] a page gets green, and its consent reaches the log', async () => {
    const { isGreen, steps } = await connect(first)
    expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      ...['login-exchanged done', 'page-offered done', 'token-inspected done', 'app-reviewed done'],
      ...['address-answers done', 'test-event-accepted done', 'app-subscribed done'],
      ...['no-other-app done', 'page-followed done', 'connected done'],
    ])
    expect(isGreen).toBe(true)
    expect(isFollowed(first)).toBe(true)
    expect(await scene.facts('quarantine')).toEqual([])
    await scene.meta.tap({ pageId: first, payload: 'restock-1234', waitMs: 30_000 })
    expect(await scene.facts('optIn')).toMatchObject([{ pageId: first }])
  })

  test('[S1-02] the page token stands sealed on the log, and opens under its event alone', async () => {
    const [event] = await scene.facts('page')
    if (event?.type !== 'PageConnected') throw new Error('a page was connected')
    const parsed = parseMasterKeys(scene.env.OTN_MASTER_KEY ?? '')
    if (!('keys' in parsed)) throw new Error(parsed.fault)
    const context = { record: 'PageEvent', eventId: event.eventId, owner: first }
    const vault = createVault(parsed.keys)
    const { accessToken } = scene.meta.pages[0] ?? {}
    expect(vault.open(event, context)).toEqual({ accessToken })
    const elsewhere = { ...context, eventId: eventId('0'.repeat(32)) }
    expect(() => vault.open(event, elsewhere)).toThrow(/does not open/)
  })

  test('connecting it again changes nothing', async () => {
    const before = await standing()
    const { isGreen, steps } = await connect(first)
    expect(isGreen).toBe(true)
    expect(steps.at(-1)?.sentence).toContain('already')
    expect(await standing()).toEqual(before)
  })

  test('[S1-03] its card shows app, permissions, dates and standing', async () => {
    expect(await card(first)).toMatchObject({
      ...{ appId: scene.env.META_APP_ID, standing: 'active', isFollowed: true, tokenKind: 'page' },
      permissions: expect.arrayContaining(['pages_messaging', 'pages_manage_metadata']),
      connectedAt: expect.any(Number),
      whereToApply: expect.stringContaining('Advanced messaging'),
    })
  })
})

describe('the next pages', () => {
  test('[S1-05] a second page is refused while the review of the app is missing', async () => {
    const failed = await failure(second)
    expect(failed).toMatchObject({ step: 'app-reviewed', next: expect.stringMatching(/review/) })
  })

  test('[S1-33] the page of a test user needs no review', async () => {
    expect(await connect(third, { isTestUser: true })).toMatchObject({ isGreen: true })
  })

  test('[S1-05] a second page is connected after the review', async () => {
    const path = `/v1/pages/${first}/capabilities/pages_messaging`
    expect((await registry.put(path, { state: 'granted' })).status).toBe(200)
    expect(await connect(second)).toMatchObject({ isGreen: true })
    expect((await registry.get('/v1/pages')).body.items).toHaveLength(3)
    const ids: unknown[] = []
    for (let next: unknown = '0'; next !== null; ) {
      const { body } = await registry.get(`/v1/pages?limit=2&after=${next}`)
      ids.push(...Object(body.items).map((one: { readonly pageId: string }) => one.pageId))
      next = body.next
    }
    expect(ids).toEqual([first, second, third].toSorted())
  })
})

describe('the permission for one-time notifications', () => {
  const path = () => `/v1/pages/${first}/capabilities/one-time-notification`

  test('[S0-07, S1-15] is refused before the terms, and kept with its dates after', async () => {
    const refused = await registry.put(path(), { state: 'granted' })
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/terms/) } })
    const acceptedAt = scene.meta.nowMs() - DAY_MS
    await registry.put(path(), { state: 'terms-accepted', occurredAt: acceptedAt })
    expect((await registry.put(path(), { state: 'granted' })).status).toBe(200)
    const { capabilities } = await card(first)
    const granted = { name: 'one-time-notification', state: 'granted', termsAcceptedAt: acceptedAt }
    expect(capabilities).toEqual(expect.arrayContaining([expect.objectContaining(granted)]))
  })

  test('[S0-06, S0-07] that is revoked keeps its reason, and the page may not send', async () => {
    await registry.put(path(), { state: 'revoked', detail: 'Negative feedback' })
    expect(await card(first)).toMatchObject({ standing: 'capability-missing' })
    await registry.put(path(), { state: 'granted' })
    expect(await card(first)).toMatchObject({ standing: 'active' })
  })
})

describe('a failure on the way is one sentence with the next step, and changes nothing', () => {
  beforeAll(async () => {
    const { steps } = await registry.steps(`/v1/pages/${second}/disconnect`)
    expect(steps.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
    expect(isFollowed(second)).toBe(false)
  })

  test('[S1-36] an access token that has expired', async () => {
    const userToken = scene.login({ lifeMs: 1 })
    await scene.meta.advance(2)
    const failed = await failure(second, { userToken })
    expect(failed?.step).toBe('login-exchanged')
    expect(failed?.sentence).toMatch(/expired/)
    expect(failed?.next).toMatch(/Log in again/)
  })

  test('[S1-02] a page that the login does not offer', async () => {
    const failed = await failure(second, { userToken: scene.login({ pageIds: [first] }) })
    expect(failed?.sentence).toContain(`does not offer page ${second}`)
  })

  test('[S1-02] a permission that was not granted', async () => {
    const lists = await failure(second, { userToken: scene.login({ scopes: [] }) })
    expect(lists?.next).toMatch(/pages_show_list/)
    scene.meta.issueAccessToken({ kind: 'page', pageId: second, scopes: ['pages_messaging'] })
    const failed = await failure(second)
    expect(failed?.sentence).toContain('did not grant pages_manage_metadata')
    scene.meta.issueAccessToken({ kind: 'page', pageId: second })
  })

  test('[S1-41] a verify token that is not the ingress’s', async () => {
    const other = await scene.startRegistry({ META_VERIFY_TOKEN: 'another-verify-token' })
    const failed = await failure(second, {}, other)
    expect(failed).toMatchObject({ step: 'address-answers' })
    expect(failed?.sentence).toMatch(/refuses the verify token/)
    expect(failed?.next).toMatch(/META_VERIFY_TOKEN/)
    await other.close()
  })

  test('[S1-41] an address that nobody serves', async () => {
    const address = { REGISTRY_CALLBACK_URL: 'http://127.0.0.1:9/webhook' }
    const other = await scene.startRegistry(address)
    const failed = await failure(second, {}, other)
    expect(failed?.sentence).toMatch(/Nobody answers at .*ECONNREFUSED/)
    expect(failed?.next).toMatch(/REGISTRY_CALLBACK_URL/)
    await other.close()
  })

  test('a page that another app follows, unless it is wanted beside', async () => {
    scene.meta.setOtherFollowers({ pageId: second, appIds: ['4711'] })
    const failed = await failure(second)
    expect(failed).toMatchObject({
      step: 'no-other-app',
      next: expect.stringMatching(/--beside 4711/),
    })
    expect(await connect(second, { beside: ['4711'] })).toMatchObject({ isGreen: true })
    scene.meta.setOtherFollowers({ pageId: second, appIds: [] })
  })
})

describe('a page that is connected', () => {
  test('[S1-36] gets a new token without a pause, and no word of it is lost', async () => {
    scene.meta.issueAccessToken({ kind: 'page', pageId: first, lifeMs: 40 * DAY_MS })
    expect(await connect(first)).toMatchObject({ isGreen: true })
    const events = (await scene.facts('page')).filter((one) => one.pageId === pageId(first))
    expect(events.filter(({ type }) => type === 'PageConnected')).toHaveLength(2)
    expect(events.some(({ type }) => type === 'PageDisconnected')).toBe(false)
    expect(await card(first)).toMatchObject({ tokenExpiresAt: expect.any(Number) })
  })

  test('[S1-42, S1-43] is unfollowed and followed again, each by one request', async () => {
    await registry.steps(`/v1/pages/${third}/unfollow`)
    expect(isFollowed(third)).toBe(false)
    const { isGreen } = await registry.steps(`/v1/pages/${third}/follow`)
    expect([isGreen, isFollowed(third)]).toEqual([true, true])
  })

  test('no token, secret or login is in any log line, nor a login in the store', async () => {
    const isFolded = async () => (await scene.db.collection('pages').countDocuments()) >= 3
    await waitFor(isFolded, { timeoutMs: 10_000, describe: 'the pages to be folded' })
    const kept = JSON.stringify(await scene.db.collection('pages').find().toArray())
    const user = scene.login()
    await connect(first, { userToken: user })
    const secrets = [user, ...scene.meta.pages.map(({ accessToken }) => accessToken)]
    for (const secret of [...secrets, 'planted-app-secret', 'planted-verify-token']) {
      expect(scene.logged()).not.toContain(secret)
      expect(kept).not.toContain(secret)
    }
  })
})
