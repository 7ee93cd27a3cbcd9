import type { AppSubscription, SetUpResult } from '@otn/graph-api'
import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { judgeSubscription } from './app-subscription.ts'
import { judgePage, type PageStanding } from './page-standing.ts'

const FIELDS = ['messages', 'message_echoes', 'messaging_postbacks', 'messaging_policy_enforcement']
const NOW = 1e12
const done = <T>(value: T): SetUpResult<T> => ({ kind: 'done', value })
const subscribed = (change: Partial<AppSubscription> = {}) =>
  judgeSubscription(
    done([
      {
        ...{ callbackUrl: 'https://otn.example/webhook?key=planted', isActive: true },
        ...{ fields: [...FIELDS, 'messaging_optins'], ...change },
      },
    ]),
  )
const token = {
  ...{ isValid: true, kind: 'PAGE', appId: '7', pageId: '1000', expiresAt: null },
  scopes: ['pages_messaging', 'pages_manage_metadata'],
}
const standing: PageStanding = {
  ...{ pageId: '1000', ourAppId: '7', appId: '7', nowMs: NOW, token: done(token) },
  followers: done([{ appId: '7', fields: [...FIELDS, 'messaging_optins'] }]),
}
const withToken = (change: object) =>
  judgePage({ ...standing, token: done({ ...token, ...change }) })
const followed = (fields: readonly string[]) =>
  judgePage({ ...standing, followers: done([{ appId: '7', fields }]) })

describe('the subscription of the app', () => {
  test('is good with the field of consent by either of its names [S1-22]', () => {
    expect(subscribed()).toMatchObject([{ verdict: 'ok' }])
    expect(subscribed({ fields: [...FIELDS, 'message_optins'] })).toMatchObject([{ verdict: 'ok' }])
  })

  test('is to mend without that field, by the command that subscribes [S1-22]', () => {
    const [finding] = subscribed({ fields: FIELDS })
    expect(finding).toMatchObject({ verdict: 'fix', fix: 'pnpm otn pages connect PAGE' })
    expect(finding?.sentence).toContain('messaging_optins')
  })

  test('is to mend where it is gone or not active [S1-43]', () => {
    expect(judgeSubscription(done([]))).toMatchObject([{ verdict: 'fix' }])
    expect(subscribed({ isActive: false })).toMatchObject([{ verdict: 'fix' }])
  })

  test('shows its address without what may be a secret of it', () => {
    expect(JSON.stringify([subscribed(), subscribed({ isActive: false })])).not.toContain('planted')
  })
})

describe('a connected page', () => {
  test('is good where the app follows it and its token is good', () => {
    expect(judgePage(standing)).toMatchObject([{ verdict: 'ok' }])
  })

  test('that the platform unfollowed is to mend by following it again [S1-43]', () => {
    expect(judgePage({ ...standing, followers: done([]) })).toMatchObject([
      { verdict: 'fix', fix: 'pnpm otn pages follow 1000' },
    ])
  })

  test('lacks its consents without the field of them [S1-22]', () => {
    expect(followed(FIELDS)).toMatchObject([{ verdict: 'fix', fix: 'pnpm otn pages follow 1000' }])
    expect(followed(['message_optins'])).toMatchObject([{ verdict: 'warn' }])
  })

  test.each([
    ['not valid', { isValid: false }, 'fix'],
    ['a person', { kind: 'USER' }, 'fix'],
    ['another app', { appId: '8' }, 'fix'],
    ['another page', { pageId: '1001' }, 'fix'],
    ['fewer permissions', { scopes: ['pages_messaging'] }, 'fix'],
    ['the past', { expiresAt: NOW - 1 }, 'fix'],
    ['this week', { expiresAt: NOW + 3 * DAY_MS }, 'warn'],
    ['next year', { expiresAt: NOW + 300 * DAY_MS }, 'ok'],
  ])('with a token of %s is told so', (_name, change, verdict) => {
    expect(withToken(change)).toMatchObject([{ verdict }])
  })
})
