/** The same calls, judged by the stand-in for Meta, which shares no code with them. */
import { Secret } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSetUpClient, type PageCredentials, type SetUpClient } from './set-up-client.ts'
import type { SetUpResult } from './set-up-result.ts'

const APP = { appId: '900000000000001', appSecret: 'secret-of-the-app' }
const FIELDS = ['messages', 'messaging_optins', 'messaging_postbacks']

let meta: Simulator
let client: SetUpClient

beforeAll(async () => {
  meta = await startSimulator({ ...APP, seed: 'set-up' })
  client = clientWith(APP.appSecret)
})
afterAll(() => meta.close())

function clientWith(appSecret: string): SetUpClient {
  const host = { baseUrl: meta.graphUrl, version: 'v21.0', appId: APP.appId }
  return createSetUpClient({ ...host, appSecret: new Secret(appSecret) })
}

function doneOf<T>(result: SetUpResult<T>): T {
  if (result.kind === 'done') return result.value
  throw new Error(`${result.fault.reason}: ${result.fault.detail}`)
}

/** The pages that the person can connect. */
async function connectable(): Promise<readonly PageCredentials[]> {
  return doneOf(await client.pagesOf(login())).flatMap(({ pageId, accessToken }) =>
    accessToken === null ? [] : [{ pageId, accessToken }],
  )
}

const login = (life: Parameters<Simulator['issueAccessToken']>[0] = { kind: 'user' }) =>
  new Secret(meta.issueAccessToken(life).accessToken)

test("a person's pages are listed, each with a token that is the page's [S1-34]", async () => {
  const pages = await connectable()
  expect(pages.map(({ pageId }) => pageId)).toEqual(meta.pages.map(({ pageId }) => pageId))
  for (const { pageId, accessToken } of pages) {
    const inspected = doneOf(await client.inspect(accessToken))
    expect(inspected).toMatchObject({ isValid: true, kind: 'PAGE', appId: APP.appId, pageId })
  }
})

test('the app follows a page, sees that it does, and leaves it again [S1-35]', async () => {
  const [page] = await connectable()
  if (page === undefined) throw new Error('a page was offered')
  expect(doneOf(await client.followPage(page, FIELDS))).toBeNull()
  expect(doneOf(await client.followersOf(page))).toEqual([{ appId: APP.appId, fields: FIELDS }])
  expect(doneOf(await client.unfollowPage(page))).toBeNull()
  expect(doneOf(await client.followersOf(page))).toEqual([])
})

test('a login of an hour becomes one of sixty days, and each ends in its time [S1-36]', async () => {
  const short = login({ kind: 'user', lifeMs: 3_600_000 })
  const nowMs = meta.nowMs()
  const { accessToken, expiresAt } = doneOf(await client.exchangeToken(short, nowMs))
  expect(expiresAt).toBe(nowMs + 60 * 86_400_000)
  expect(doneOf(await client.inspect(accessToken)).isValid).toBe(true)
  await meta.advance(3_600_001)
  const late = await client.pagesOf(short)
  expect(late).toMatchObject({ kind: 'refused', fault: { reason: 'token-expired' } })
  expect((await client.pagesOf(accessToken)).kind).toBe('done')
})

test('a login that grants too little is told what to grant', async () => {
  const narrow = login({ kind: 'user', scopes: [] })
  const fault = { reason: 'permission-missing', next: expect.stringContaining('pages_show_list') }
  expect(await client.pagesOf(narrow)).toMatchObject({ kind: 'refused', fault })
})

test('a wrong app secret is named as that', async () => {
  const refused = await clientWith('another').exchangeToken(login(), meta.nowMs())
  expect(refused).toMatchObject({ kind: 'refused', fault: { reason: 'app-secret-wrong' } })
})

test('a webhook address that nobody serves is not subscribed, and the reason is told', async () => {
  const verifyToken = new Secret('any')
  const callbackUrl = 'http://127.0.0.1:9/webhook'
  const refused = await client.subscribeApp({ callbackUrl, verifyToken, fields: FIELDS })
  const fault = {
    reason: 'callback-not-verified',
    next: expect.stringMatching(/META_VERIFY_TOKEN/),
  }
  expect(refused).toMatchObject({ kind: 'refused', fault })
  expect(doneOf(await client.subscriptionsOfApp())).toEqual([])
})
