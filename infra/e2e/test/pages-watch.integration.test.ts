/** Meta goes quiet: it is noticed, mended and told of; and what is known of pages is made anew. */
import { DAY_MS, MINUTE_MS } from '@otn/kernel'
import { waitFor } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPagesScene, type PagesScene, type Registry, WATCH_MS } from '../src/pages-scene.ts'

let scene: PagesScene
let registry: Registry
let page: string

const limits = { timeoutMs: 60_000 }

beforeAll(async () => {
  scene = await openPagesScene()
  registry = await scene.startRegistry()
  page = scene.meta.pages[0]?.pageId ?? ''
  await connect()
})

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]()
})

async function connect(): Promise<void> {
  const { isGreen } = await registry.steps(`/v1/pages/${page}/connect`, {
    userToken: scene.login(),
  })
  expect(isGreen).toBe(true)
}

const alarms = async () => (await scene.facts('alarm')).map(({ type, alarm }) => `${type} ${alarm}`)
const card = async () => (await registry.get(`/v1/pages/${page}`)).body
const follows = () =>
  scene.meta.following().pages.find(({ pageId }) => pageId === page)?.followed === true

/** A round of the watch later; the page has been looked at since. */
async function round(aheadMs = WATCH_MS): Promise<void> {
  await scene.meta.advance(aheadMs)
  const at = scene.meta.nowMs()
  const isSeen = async () => Number((await card()).checkedAt) >= at
  await waitFor(isSeen, { ...limits, describe: 'a round of the watch' })
}

describe('the watch', () => {
  test('[S1-43] follows again what was unfollowed, and reports what may be missing', async () => {
    await round()
    expect(await alarms()).toEqual([])
    const { webhook, connectedAt } = await card()
    const from = Math.max(Number(connectedAt), Number(Object(webhook).lastGoodAt) - 75 * MINUTE_MS)
    scene.meta.unsubscribePages({ pageId: page })
    await scene.meta.advance(WATCH_MS)
    const isTold = async () => (await alarms()).length >= 3
    await waitFor(isTold, { ...limits, describe: 'the gap to be told' })
    expect(await alarms()).toEqual([
      ...['AlarmRaised page-unfollowed', 'AlarmCleared page-unfollowed'],
      'GapReported webhooks-missed',
    ])
    expect(follows()).toBe(true)
    const gap = (await scene.facts('alarm')).find(({ type }) => type === 'GapReported')
    expect(gap).toMatchObject({ pageId: page, severity: 'critical' })
    expect(gap?.detail).toContain(new Date(from).toISOString())
    await scene.meta.tap({ pageId: page, payload: 'restock-1', waitMs: 30_000 })
    expect(await scene.facts('optIn')).toMatchObject([{ pageId: page }])
  })

  test('[S1-43] subscribes the app again as well', async () => {
    const before = (await alarms()).length
    const { graphUrl } = scene.meta
    const app = `${scene.env.META_APP_ID}%7C${scene.env.META_APP_SECRET}`
    const path = `/v21.0/${scene.env.META_APP_ID}/subscriptions`
    const ended = await fetch(`${graphUrl}${path}?object=page&access_token=${app}`, {
      method: 'DELETE',
    })
    expect(ended.status).toBe(200)
    await scene.meta.advance(WATCH_MS)
    const isTold = async () => (await alarms()).length >= before + 3
    await waitFor(isTold, { ...limits, describe: 'the gap to be told' })
    expect((await alarms()).slice(before)).toEqual([
      ...['AlarmRaised app-unsubscribed', 'AlarmCleared app-unsubscribed'],
      'GapReported webhooks-missed',
    ])
    expect(scene.meta.following().app?.fields).toContain('messaging_optins')
  })

  test('[S1-22] a page without the opt-in field is noticed and mended', async () => {
    const { accessToken } = scene.meta.pages[0] ?? {}
    const query = `subscribed_fields=messages&access_token=${accessToken}`
    const url = `${scene.meta.graphUrl}/v21.0/${page}/subscribed_apps?${query}`
    expect((await fetch(url, { method: 'POST' })).status).toBe(200)
    await scene.meta.advance(WATCH_MS)
    const fields = () => scene.meta.following().pages[0]?.fields ?? []
    const isMended = () => fields().includes('messaging_optins')
    await waitFor(isMended, { ...limits, describe: 'the field to be subscribed' })
    await round()
    const raised = (await scene.facts('alarm')).filter(({ type }) => type === 'AlarmRaised')
    expect(raised.at(-1)?.detail).toContain('messaging_optins')
  })

  test('of two registries one acts: each alarm is told once', async () => {
    const other = await scene.startRegistry()
    const before = (await alarms()).length
    scene.meta.unsubscribePages({ pageId: page })
    await round()
    await waitFor(follows, { ...limits, describe: 'the page to be followed again' })
    await round()
    expect(await alarms()).toHaveLength(before + 3)
    await other.close()
  })

  test('[S1-36] warns before a page token dies, once each day that counts', async () => {
    const before = (await alarms()).length
    scene.meta.issueAccessToken({ kind: 'page', pageId: page, lifeMs: 31 * DAY_MS })
    await connect()
    await round()
    expect(await alarms()).toHaveLength(before)
    await round(2 * DAY_MS)
    await round()
    expect((await alarms()).slice(before)).toEqual(['AlarmRaised page-token-expires'])
    expect(await card()).toMatchObject({ alarms: [{ alarm: 'page-token-expires' }] })
    scene.meta.issueAccessToken({ kind: 'page', pageId: page })
    await connect()
    await round()
    expect((await alarms()).slice(before)).toEqual([
      ...['AlarmRaised page-token-expires', 'AlarmCleared page-token-expires'],
    ])
  })
})

describe('what is known of pages', () => {
  test('is folded anew from the log where its database was dropped', async () => {
    const before = await card()
    await registry.close()
    await scene.db.dropDatabase()
    registry = await scene.startRegistry()
    const { webhook: _seen, checkedAt: _at, isFollowed: _is, gaps: _told, ...rest } = before
    expect(await card()).toMatchObject(rest)
    expect(registry.failures).toEqual([])
  })

  test('a registry whose database is emptied under it ends, and its next start folds again', async () => {
    await scene.db.dropDatabase()
    const hasFailed = () => registry.failures.length > 0
    await waitFor(hasFailed, { ...limits, describe: 'the registry to notice' })
    expect(registry.failures[0]).toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
    await registry.close()
    registry = await scene.startRegistry()
    expect(await card()).toMatchObject({ pageId: page, standing: 'active' })
  })
})
