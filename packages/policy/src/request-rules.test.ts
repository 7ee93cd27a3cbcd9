import type { PageScopedUserId, TokenId } from '@otn/kernel'
import { requirements } from '@otn/seeds'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestRules } from './request-rules.ts'
import type { RequestSituation, RequestWords, RequestWorld } from './request-situation.ts'
import { evaluate, rulesVersionOf } from './rule.ts'

const DAY_MS = 86_400_000
const NOW = 1_700_000_000_000
const settings: RequestSituation['settings'] = {
  ...{ personalData: 'refuse', sensitiveWords: 'refuse', chainConsent: 'flag' },
  ...{ personMax: 3, pageMax: 100, periodMs: DAY_MS, openMs: 7 * DAY_MS },
}
const request: RequestWords = {
  psid: '2000' as PageScopedUserId,
  topic: 'restock-1234',
  context: 'c1',
  title: 'Tell you when it is back?',
}
const world: RequestWorld = {
  ...{ nowMs: NOW, windowOpenUntil: NOW + 1, holdsLiveToken: false, tokenFault: null },
  ...{ openSince: null, sameTitleAt: null, askedPerson: 2, askedPage: 99 },
}
const byToken = { psid: null, tokenId: 'a'.repeat(32) as TokenId }

function judged(
  change: { readonly request?: Partial<RequestWords>; readonly world?: Partial<RequestWorld> },
  more: Partial<RequestSituation> = {},
) {
  return evaluate(requestRules, {
    request: { ...request, ...change.request },
    world: { ...world, ...change.world },
    ...{ settings, page: 'connected' },
    ...more,
  })
}
const reasonOf = (change: Parameters<typeof judged>[0], more?: Partial<RequestSituation>) =>
  judged(change, more).refusal?.reason ?? null

describe('the rules of an opt-in request', () => {
  test('rest on a requirement each, in its words [S1-18]', () => {
    for (const { id, source } of requestRules.rules) {
      const row = requirements.find((requirement) => requirement.id === source.id)
      expect([id, source.sentence]).toEqual([id, row?.sentence])
    }
    const ids = requestRules.rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('are the ones that are known by this version', () => {
    // Whoever changes what a rule decides or says raises its version, and with it this one.
    expect(rulesVersionOf(requestRules)).toBe('optin-request/24')
    expect(requestRules.rules).toHaveLength(24)
  })

  test('let a person be asked whom nothing keeps from it', () => {
    const { verdicts, refusal } = judged({})
    expect(refusal).toBeNull()
    expect(verdicts.every(({ kind }) => kind === 'pass')).toBe(true)
  })

  test('say of a command alone what its words say, and that the rest was not asked', () => {
    const { verdicts, refusal } = judged({}, { page: 'unasked', world: null })
    expect(refusal).toBeNull()
    const unasked = verdicts.filter(({ kind }) => kind === 'unasked').map(({ rule }) => rule)
    expect(unasked).toEqual([
      ...['request-page-known', 'request-page-connected'],
      ...['request-token-usable', 'request-window-open', 'request-withdrawn'],
      ...['request-already-agreed', 'request-already-asked', 'request-title-repeated'],
      ...['request-person-limit', 'request-page-limit', 'request-thread-owner'],
    ])
  })
})

describe('what a command says of itself', () => {
  test.each([
    [{ psid: null }, 'recipient-missing'],
    [{ tokenId: byToken.tokenId }, 'recipient-ambiguous'],
    [{ psid: 'x' as PageScopedUserId }, 'recipient-invalid'],
    [{ psid: null, tokenId: 'x' as TokenId }, 'recipient-invalid'],
    [{ topic: null }, 'topic-missing'],
    [{ topic: 'Restock' }, 'topic-invalid'],
    [{ topic: 'a:b' }, 'topic-invalid'],
    [{ context: 'a b' }, 'context-invalid'],
    [{ context: 'a'.repeat(129) }, 'context-invalid'],
    [{ title: null }, 'title-empty'],
    [{ title: '\u3000\u200b' }, 'title-empty'],
    [{ title: 'a\u0007b' }, 'title-invalid'],
    [{ title: 'half \ud83d' }, 'title-invalid'],
    [{ context: 'card.4111111111111111' }, 'personal-data'],
    [{ title: 'Write to a@example.com?' }, 'personal-data'],
    [{ topic: 'diabetes' }, 'sensitive-words'],
  ] as const)('%j is refused as %s [S0-11, S0-13, S0-27]', (words, reason) => {
    expect(reasonOf({ request: words })).toBe(reason)
  })

  test.each([
    ['Latin', 'a'],
    ['Japanese', 'あ'],
    ['emoji, two code units each', '🔔'],
  ])(
    'a title of 65 characters in %s passes and one of 66 is refused with its count [S0-12]',
    (_, sign) => {
      const last = sign.length === 2 ? 'a' : ''
      const fitting = sign.repeat(Math.floor(65 / sign.length)) + last
      expect(fitting.length).toBe(65)
      expect(reasonOf({ request: { title: fitting } })).toBeNull()
      const long = sign.length === 2 ? sign.repeat(33) : sign.repeat(66)
      expect(judged({ request: { title: long } }).refusal).toMatchObject({
        reason: 'title-too-long',
        text: 'title has 66 UTF-16 code units; at most 65 are taken',
      })
    },
  )

  test('titles are counted in UTF-16 code units, whatever they are made of [S0-12]', () => {
    const titles = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 })
    fc.assert(
      fc.property(titles, (title) => {
        const isLong = judged({ request: { title } }).verdicts.some(
          ({ reason }) => reason === 'title-too-long',
        )
        expect(isLong).toBe(title.length > 65)
      }),
    )
  })

  test('is told as a flag where the guard is set to flag, and never repeats what was found', () => {
    const lenient = { ...settings, personalData: 'flag', sensitiveWords: 'flag' } as const
    const words = { context: '4111111111111111', title: 'My loan at a@example.com' }
    const { refusal, flags } = judged({ request: words }, { settings: lenient })
    expect(refusal).toBeNull()
    expect(flags.map(({ text }) => text)).toEqual([
      'looks like personal data or a secret: card in context, mail in title',
      'speaks of health, money or legal standing: finance in title',
    ])
  })
})

describe('what page, person and books allow', () => {
  test.each([
    ['unknown', 'page-unknown'],
    ['disconnected', 'page-disconnected'],
  ] as const)('a page that is %s asks nobody [S1-04]', (page, reason) => {
    expect(reasonOf({}, { page })).toBe(reason)
  })

  test('the window is open until its last millisecond and closed at its end [S1-19]', () => {
    expect(reasonOf({ world: { windowOpenUntil: NOW + 1 } })).toBeNull()
    expect(reasonOf({ world: { windowOpenUntil: NOW } })).toBe('window-closed')
    expect(reasonOf({ world: { windowOpenUntil: null } })).toBe('window-closed')
  })

  test('a token pays for a question outside the window: permitted, advised against [S1-27, U22]', () => {
    const asked = { request: byToken, world: { windowOpenUntil: null } }
    const { refusal, flags } = judged(asked)
    expect(refusal).toBeNull()
    expect(flags).toMatchObject([{ rule: 'request-chain-consent', reason: 'chain-consent' }])
    expect(flags[0]?.next).toContain('Ask by psid')
    const strict = { ...settings, chainConsent: 'refuse' } as const
    expect(reasonOf(asked, { settings: strict })).toBe('chain-consent')
  })

  test('a token that cannot pay refuses with its own reason [S1-28]', () => {
    const asked = { request: byToken, world: { tokenFault: 'token-spent' } } as const
    expect(judged(asked).refusal).toMatchObject({
      reason: 'token-spent',
      text: expect.stringContaining('token-spent'),
    })
  })

  test('nobody is asked again who has agreed or was asked and has not answered [S1-20]', () => {
    expect(reasonOf({ world: { holdsLiveToken: true } })).toBe('token-live')
    expect(reasonOf({ world: { openSince: NOW - 1 } })).toBe('request-open')
  })

  test('nobody is asked who withdrew, until they act again, to the millisecond [S1-20]', () => {
    const actedAt = NOW + 1 - DAY_MS
    expect(reasonOf({ world: { withdrewAt: actedAt - 1 } })).toBeNull()
    expect(reasonOf({ world: { withdrewAt: actedAt } })).toBe('person-withdrew')
    expect(judged({ world: { withdrewAt: NOW } }).refusal).toMatchObject({
      ...{ rule: 'request-withdrawn', reason: 'person-withdrew' },
      text: `the person withdrew at ${new Date(NOW).toISOString()} and has not acted since`,
    })
    const paying = { request: byToken, world: { windowOpenUntil: null, withdrewAt: 1 } }
    expect(reasonOf(paying)).toBe('person-withdrew')
  })

  test('a person and a page have a limit each within the period [S0-28, S1-20]', () => {
    expect(judged({ world: { askedPerson: 3 } }).refusal).toMatchObject({
      reason: 'person-limit',
      text: 'the person was asked 3 times within 24 hours; at most 3 are allowed',
    })
    expect(reasonOf({ world: { askedPage: 100 } })).toBe('page-limit')
  })

  test('all that is wrong is told at once, and the first of it decides [S1-18]', () => {
    const { verdicts, refusal } = judged({
      request: { title: '' },
      world: { windowOpenUntil: null, holdsLiveToken: true },
    })
    expect(refusal?.reason).toBe('title-empty')
    const refused = verdicts.filter(({ kind }) => kind === 'refuse').map(({ reason }) => reason)
    expect(refused).toEqual(['title-empty', 'window-closed', 'token-live'])
  })
})
