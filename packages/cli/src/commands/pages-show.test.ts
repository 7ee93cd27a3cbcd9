import { describe, expect, test } from 'vitest'
import { answering, FAKE_ENV, run } from '../fake-shell.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const APPLY = 'Page settings, Advanced messaging'
const card = {
  ...{ pageId: '1000', name: 'Shop', appId: '77', standing: 'active', isFollowed: true },
  ...{ checkedAt: NOW, graphVersion: null, connectedAt: NOW, tokenKind: 'page' },
  ...{ tokenExpiresAt: null, permissions: ['pages_messaging'], capabilities: [] },
  ...{ whereToApply: APPLY, alarms: [] },
  webhook: { isAppSubscribed: true, missingFields: [], lastGoodAt: NOW, fault: null },
}
const granted = {
  ...{ name: 'one-time-notification', state: 'granted', at: NOW, occurredAt: null },
  ...{ detail: null, termsAcceptedAt: NOW - 86_400_000, history: [] },
}
const listed = {
  ...{ pageId: '1000', name: 'Shop', appId: '77', standing: 'active', isFollowed: false },
  ...{ oneTimeNotification: 'requested', checkedAt: NOW, alarms: 1 },
}

describe('otn pages show', () => {
  test('[S1-03] shows app, permissions and dates', async () => {
    const { out, code } = await run('pages show 1000', answering(card))
    expect(out).toMatch(/app +77/)
    expect(out).toMatch(/permissions +pages_messaging/)
    expect(out).toMatch(/connected +2026-11-22 08:00:00.000Z/)
    expect(code).toBe(0)
  })

  test('[S0-06] says where to apply until the permission is granted, with its dates', async () => {
    const { err } = await run('pages show 1000', answering(card))
    expect(err).toContain(`To apply for One-Time Notification: ${APPLY}`)
    const after = await run('pages show 1000', answering({ ...card, capabilities: [granted] }))
    expect(after.err).not.toContain(APPLY)
    expect(after.out).toContain(
      'granted since 2026-11-22 08:00:00.000Z; terms accepted 2026-11-21 08:00:00.000Z',
    )
  })

  test('ends with 1 while an alarm stands', async () => {
    const alarm = { alarm: 'page-unfollowed', severity: 'critical', detail: 'Not followed.' }
    const { out, code } = await run('pages show 1000', answering({ ...card, alarms: [alarm] }))
    expect(out).toContain('✖ page-unfollowed (critical): Not followed.')
    expect(code).toBe(1)
  })
})

test('[S1-43] the card of a page names each time of which webhooks may be missing', async () => {
  const gaps = [{ from: NOW - 3_600_000, until: NOW }]
  const { out, code } = await run('pages show 1000', answering({ ...card, gaps }))
  expect(out).toContain('from 2026-11-22 07:00:00.000Z to 2026-11-22 08:00:00.000Z')
  expect(code).toBe(0)
})

describe('otn pages list', () => {
  test('[S1-42] shows every page, followed or not', async () => {
    const { asked, answer } = answering({ items: [listed] })
    const { out, code } = await run('pages list', { answer })
    expect(out.split('\n')[1]).toBe(
      '1000  Shop  active    no        requested  1       2026-11-22 08:00:00.000Z',
    )
    expect(code).toBe(1)
    expect(asked[0]?.call).toBe(`GET ${FAKE_ENV.OTN_PAGES_URL}/v1/pages?all=false&limit=200`)
  })
})

test('[S1-42] of many pages all are read: an alarm of the last one counts', async () => {
  const { alarms: _, ...quiet } = listed
  const answer = async ({ url }: Request) =>
    Response.json(
      url.includes('after=1000')
        ? { items: [{ ...listed, pageId: '1001' }], next: null }
        : { items: [{ ...quiet, alarms: 0 }], next: '1000' },
    )
  const { out, err, code } = await run('pages list --json', { answer })
  const told = JSON.parse(out)
  expect(told.items.map(({ pageId }: typeof listed) => pageId)).toEqual(['1000', '1001'])
  expect([told.next, err.includes('more:'), code]).toEqual([null, false, 1])
})

test('[S1-42] of many pages a part is shown, and how to go on', async () => {
  const { asked, answer } = answering({ items: [listed], next: '1000' })
  const { err } = await run('pages list --after 999 --limit 1', { answer })
  expect(err).toContain('more: --after 1000')
  expect(asked[0]?.call).toMatch(/all=false&after=999&limit=1$/)
  expect((await run('pages list --limit 201')).code).toBe(2)
})

describe('otn pages capability', () => {
  test('[S0-07] tells a state with its date and reason', async () => {
    const { asked, answer } = answering({ pageId: '1000', eventId: 'e' })
    const words = 'pages capability 1000 one-time-notification denied'
    const when = '--on 2026-11-20T00:00:00Z'
    const { code, out } = await run(`${words} ${when} --reason "too young"`, { answer })
    expect([code, out]).toEqual([0, '✔ page 1000  one-time-notification  denied\n'])
    expect(asked[0]).toEqual({
      call: `PUT ${FAKE_ENV.OTN_PAGES_URL}/v1/pages/1000/capabilities/one-time-notification`,
      body: { state: 'denied', occurredAt: Date.UTC(2026, 10, 20), detail: 'too young' },
    })
  })

  test('knows its states', async () => {
    const { code, err } = await run('pages capability 1000 one-time-notification maybe')
    expect(code).toBe(2)
    expect(err).toContain('wanted one of not-requested, terms-accepted')
  })
})
