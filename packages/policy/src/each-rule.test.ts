/**
 * Each rule by itself: a situation that breaks it, beside one that differs from that in a little
 * and keeps it. A rule without a row here fails the test that compares the lists.
 */
import { DAY_MS, type PageScopedUserId, pageId, type TokenId } from '@otn/kernel'
import { requirements } from '@otn/seeds'
import { describe, expect, test } from 'vitest'
import { notifyRules } from './notify-rules.ts'
import type { NotifySettings, NotifySituation, NotifyWorld } from './notify-situation.ts'
import { readMessage } from './read-message.ts'
import { requestRules } from './request-rules.ts'
import type { RequestSettings, RequestSituation } from './request-situation.ts'
import { evaluate, type RuleSet } from './rule.ts'

const NOW = Date.UTC(2026, 5, 1)
const RETIRED_AT = Date.UTC(2026, 3, 27)
const TOKEN = 'a'.repeat(32) as TokenId
const PSID = '2000' as PageScopedUserId

type Words = Partial<NotifySituation['notify']>
interface NotifyCase extends Words {
  readonly set?: Partial<NotifySettings>
  readonly world?: Partial<NotifyWorld>
  readonly standing?: NotifySituation['standing']
  readonly nowMs?: number
}

function notified({ set, world, standing = 'good', nowMs = NOW, ...words }: NotifyCase) {
  const notify = { pageId: pageId('1000'), psid: PSID, topic: 'restock', text: 'Back.', ...words }
  const known = { windowOpenUntil: NOW + 1, route: 'TOKEN', tokenFault: null } as const
  return evaluate(notifyRules, {
    ...{ notify, standing, nowMs, world: { ...known, ...world } },
    message: notify.message ? readMessage(notify.message) : null,
    settings: {
      ...{ kindsOff: [], routesOff: [], windowGuard: 'refuse' },
      ...{ personalData: 'refuse', sensitiveWords: 'refuse' },
      tags: [{ pageId: null, tag: 'HUMAN_AGENT' }],
      ...set,
    },
  })
}

const message = (value: object) => ({ text: null, message: JSON.stringify(value) })
const byTag = (tag: string) => ({ route: 'TAG', tag, set: { tags: [{ pageId: null, tag }] } })
const file = { type: 'image', payload: { url: 'https://shop.example/7.png' } }
const AGENT = byTag('HUMAN_AGENT')

/** Rule, what breaks it, what keeps it. */
const notifyRows: readonly (readonly [string, NotifyCase, NotifyCase])[] = [
  ['notify-recipient-missing', { psid: null }, { psid: null, tokenId: TOKEN }],
  ['notify-recipient-ambiguous', { tokenId: TOKEN }, {}],
  ['notify-recipient-invalid', { psid: 'x1' as PageScopedUserId }, { psid: '1' as typeof PSID }],
  ['notify-content-ambiguous', { message: '{"text":"a"}' }, message({ text: 'a' })],
  ['notify-content-missing', { text: null }, { text: 'a' }],
  ['notify-text', { text: 'x'.repeat(2000) }, { text: 'x'.repeat(1999) }],
  ['notify-metadata', message({ text: 'a', metadata: 'm' }), message({ text: 'metadata' })],
  [
    'notify-message-kind',
    message({ attachment: { ...file, type: 'sticker' } }),
    message({ attachment: file }),
  ],
  [
    'notify-message-shape',
    message({ attachment: { ...file, payload: {} } }),
    message({ attachment: file }),
  ],
  [
    'notify-message-kind-off',
    { ...message({ attachment: file }), set: { kindsOff: ['image'] } },
    { ...message({ attachment: file }), set: { kindsOff: ['text', 'video'] } },
  ],
  ['notify-personal-data', { text: 'a@example.com' }, { text: 'a example.com' }],
  ['notify-sensitive-words', { text: 'your loan' }, { text: 'your lone' }],
  ['notify-route-known', { route: 'POST' }, { route: 'AUTO' }],
  [
    'notify-route-off',
    { route: 'AUTO', set: { routesOff: ['AUTO'] } },
    { set: { routesOff: ['AUTO'] } },
  ],
  [
    'notify-route-recipient',
    { psid: null, tokenId: TOKEN, route: 'WINDOW' },
    { psid: null, tokenId: TOKEN, route: 'TOKEN' },
  ],
  ['notify-tag-route', { tag: 'HUMAN_AGENT' }, AGENT],
  ['notify-tag-missing', { ...AGENT, tag: null }, AGENT],
  ['notify-tag-known', { ...AGENT, tag: 'SALE' }, AGENT],
  ['notify-tag-allowed', { ...AGENT, set: { tags: [] } }, AGENT],
  ['notify-tag-content', byTag('CUSTOMER_FEEDBACK'), AGENT],
  ['notify-topic-missing', { topic: null }, { topic: null, route: 'WINDOW' }],
  ['notify-topic-syntax', { topic: 'Restock' }, { topic: 'r.e_s-0' }],
  ['notify-time-zone', { timeZone: 'Asia/Atlantis' }, { timeZone: 'Asia/Tokyo' }],
  [
    'notify-tag-retired',
    { ...byTag('ACCOUNT_UPDATE'), nowMs: RETIRED_AT },
    { ...byTag('ACCOUNT_UPDATE'), nowMs: RETIRED_AT - 1 },
  ],
  ['notify-tag-standing', { ...AGENT, standing: 'blocked' }, { standing: 'blocked' }],
  [
    'notify-external-user',
    { psid: null, externalUserId: 'u', world: { account: 'unlinked' } },
    { psid: null, externalUserId: 'u', world: { account: 'linked' } },
  ],
  [
    'notify-window-open',
    { route: 'WINDOW', world: { windowOpenUntil: NOW } },
    { route: 'WINDOW', world: { windowOpenUntil: NOW + 1 } },
  ],
  [
    'notify-tag-reach',
    { ...AGENT, world: { windowOpenUntil: NOW - 6 * DAY_MS } },
    { ...AGENT, world: { windowOpenUntil: NOW - 6 * DAY_MS + 1 } },
  ],
  ['notify-consent', { world: { tokenFault: 'topic-mismatch' } }, {}],
  ['notify-thread-owner', { world: { threadElsewhere: 'refuse' } }, {}],
]

interface RequestCase extends Partial<RequestSituation['request']> {
  readonly set?: Partial<RequestSettings>
  readonly page?: RequestSituation['page']
  readonly world?: Partial<NonNullable<RequestSituation['world']>>
}

function requested({ set, page = 'connected', world, ...words }: RequestCase) {
  return evaluate(requestRules, {
    page,
    request: { psid: PSID, topic: 'restock', context: 'shop-7', title: 'Tell you?', ...words },
    settings: {
      ...{ personalData: 'refuse', sensitiveWords: 'refuse', chainConsent: 'flag' },
      ...{ personMax: 3, pageMax: 100, periodMs: DAY_MS, openMs: 7 * DAY_MS },
      ...set,
    },
    world: {
      ...{ nowMs: NOW, windowOpenUntil: NOW + 1, holdsLiveToken: false, tokenFault: null },
      ...{ openSince: null, sameTitleAt: null, askedPerson: 2, askedPage: 99 },
      ...world,
    },
  })
}

const byToken = { psid: null, tokenId: TOKEN }

const requestRows: readonly (readonly [string, RequestCase, RequestCase])[] = [
  ['request-recipient-missing', { psid: null }, {}],
  ['request-recipient-ambiguous', { tokenId: TOKEN }, byToken],
  ['request-recipient-invalid', { ...byToken, tokenId: 'A' as TokenId }, byToken],
  ['request-topic-missing', { topic: null }, {}],
  ['request-topic-syntax', { topic: 'a:b' }, { topic: 'a-b' }],
  ['request-context-syntax', { context: 'a'.repeat(129) }, { context: 'a'.repeat(128) }],
  ['request-title-empty', { title: '\u200b' }, { title: '\u200b.' }],
  ['request-title-length', { title: 'a'.repeat(66) }, { title: 'a'.repeat(65) }],
  ['request-title-characters', { title: 'a\nb' }, { title: 'a b' }],
  ['request-time-zone', { timeZone: '' }, { timeZone: 'America/Argentina/Ushuaia' }],
  ['request-personal-data', { context: 'a_at_b.com' }, { context: 'a_at_b.x' }],
  ['request-sensitive-words', { title: 'Your loan?' }, { title: 'Your lone?' }],
  ['request-page-known', { page: 'unknown' }, { page: 'unasked' }],
  ['request-page-connected', { page: 'disconnected' }, { page: 'connected' }],
  ['request-token-usable', { ...byToken, world: { tokenFault: 'token-spent' } }, byToken],
  [
    'request-window-open',
    { world: { windowOpenUntil: NOW } },
    { ...byToken, world: { windowOpenUntil: NOW } },
  ],
  [
    'request-withdrawn',
    { world: { withdrewAt: NOW + 1 - DAY_MS } },
    { world: { withdrewAt: NOW - DAY_MS } },
  ],
  ['request-already-agreed', { world: { holdsLiveToken: true } }, {}],
  ['request-already-asked', { world: { openSince: NOW - 1 } }, {}],
  ['request-title-repeated', { world: { sameTitleAt: NOW - 1 } }, {}],
  ['request-person-limit', { world: { askedPerson: 3 } }, {}],
  ['request-page-limit', { world: { askedPage: 100 } }, {}],
  ['request-thread-owner', { world: { threadElsewhere: 'refuse' } }, {}],
  ['request-chain-consent', byToken, {}],
]

describe.each([
  ['notify', notifyRules, notifyRows.map(([id, ...cases]) => [id, cases.map(notified)] as const)],
  [
    'optin-request',
    requestRules,
    requestRows.map(([id, ...cases]) => [id, cases.map(requested)] as const),
  ],
] as const)('the rules of %s [S1-18, U6]', (_, set: RuleSet<never>, rows) => {
  test('have a row here each, in their order, and an id of their own', () => {
    expect(set.rules.map(({ id }) => id)).toEqual(rows.map(([id]) => id))
    expect(new Set(rows.map(([id]) => id)).size).toBe(rows.length)
  })

  test('rest on a sentence of the requirements each', () => {
    for (const { id, source } of set.rules) {
      const row = requirements.find((requirement) => requirement.id === source.id)
      expect([id, source.sentence]).toEqual([id, row?.sentence])
    }
  })

  test.each(rows)('%s speaks where it is broken, in one line, and not beside', (id, judged) => {
    const [broken, kept] = judged.map(({ verdicts }) => verdicts.find(({ rule }) => rule === id))
    expect(broken?.kind).toMatch(/^(refuse|flag)$/)
    // Nothing of its braces is left open, and nothing stands for what was not known.
    expect(broken?.text).toMatch(/^[^\n{}]{10,}$/)
    expect(broken?.text).not.toMatch(/undefined|null|NaN/)
    expect(broken?.next).toMatch(/^[A-Z][^\n{}]{10,}\.$/)
    expect(kept).toMatchObject({ text: null, next: null })
    expect(kept?.kind).toMatch(/^(pass|unasked)$/)
  })

  test('say of each situation what each of them says, whoever else refuses', () => {
    for (const [, judged] of rows) {
      for (const { verdicts } of judged) {
        expect(verdicts.map(({ rule }) => rule)).toEqual(set.rules.map(({ id }) => id))
      }
    }
  })
})
