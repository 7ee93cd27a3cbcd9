import { DAY_MS, type PageScopedUserId, pageId, type TokenId } from '@otn/kernel'
import { requirements } from '@otn/seeds'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { notifyRules } from './notify-rules.ts'
import type {
  NotifySettings,
  NotifySituation,
  NotifyWords,
  NotifyWorld,
} from './notify-situation.ts'
import { readMessage } from './read-message.ts'
import { evaluate, rulesVersionOf } from './rule.ts'

const RETIRED_AT = Date.UTC(2026, 3, 27)
const RETIRED = ['ACCOUNT_UPDATE', 'CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE']
const PAGE = pageId('1000')
const settings: NotifySettings = {
  ...{ kindsOff: [], routesOff: [], windowGuard: 'refuse' },
  ...{ personalData: 'refuse', sensitiveWords: 'flag' },
  tags: ['HUMAN_AGENT', ...RETIRED].map((tag) => ({ pageId: null, tag })),
}
const notify: NotifyWords = {
  ...{ pageId: PAGE, psid: '2000' as PageScopedUserId, topic: 'restock-1234', text: 'Back.' },
}

interface Case {
  readonly words?: Partial<NotifyWords>
  readonly nowMs?: number
  /** When the person last acted; null = never. */
  readonly actedAt?: number | null
  readonly standing?: NotifySituation['standing']
  readonly settings?: Partial<NotifySettings>
}

function judged({ words, nowMs = RETIRED_AT, actedAt = null, standing = 'good', ...more }: Case) {
  const command = { ...notify, ...words }
  const route = words?.route === 'TAG' ? ('TAG' as const) : ('WINDOW' as const)
  return evaluate(notifyRules, {
    ...{ notify: command, nowMs, standing, settings: { ...settings, ...more.settings } },
    message: command.message ? readMessage(command.message) : null,
    world: {
      windowOpenUntil: actedAt === null ? null : actedAt + DAY_MS,
      ...{ route, tokenFault: null },
    },
  })
}
const reasonOf = (given: Case) => judged(given).refusal?.reason ?? null
const tagged = (tag: string) => ({ route: 'TAG', tag })

describe('the rules of a notification', () => {
  test('rest on a requirement each, in its words [S1-18]', () => {
    for (const { id, source } of notifyRules.rules) {
      const row = requirements.find((requirement) => requirement.id === source.id)
      expect([id, source.sentence]).toEqual([id, row?.sentence])
    }
    const ids = notifyRules.rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('are the ones that are known by this version', () => {
    // Whoever changes what a rule decides or says raises its version, and with it this one.
    expect(rulesVersionOf(notifyRules)).toBe('notify/33')
    expect(notifyRules.rules).toHaveLength(30)
  })

  test('give their verdicts all, also where the first one refuses', () => {
    const words = { psid: null, text: null, ...tagged('X'), topic: 'No Topic' }
    const { verdicts } = judged({ words })
    const refusing = verdicts.filter(({ kind }) => kind === 'refuse').map(({ reason }) => reason)
    expect(refusing).toEqual([
      ...['recipient-missing', 'content-missing', 'recipient-contradicts-route', 'tag-unknown'],
      ...['tag-not-allowed', 'topic-invalid'],
    ])
  })

  test('say of a command alone what its words say, and that the rest was not asked', () => {
    const unasked = { message: null, nowMs: null, standing: null, world: null } as const
    const { verdicts, refusal } = evaluate(notifyRules, {
      ...{ notify: { ...notify, ...tagged('ACCOUNT_UPDATE') }, settings, ...unasked },
    })
    expect(refusal).toBeNull()
    expect(verdicts.filter(({ kind }) => kind === 'unasked').map(({ rule }) => rule)).toEqual([
      ...['notify-tag-retired', 'notify-tag-standing', 'notify-consent', 'notify-thread-owner'],
    ])
  })
})

test('a thread that another app owns refuses where it is set to, else it is told [S1-08]', () => {
  const owned = (threadElsewhere: 'refuse' | 'flag' | null) => {
    const world = { windowOpenUntil: null, route: 'TOKEN', tokenFault: null, threadElsewhere }
    const known = { message: null, nowMs: RETIRED_AT, standing: 'good', settings } as const
    return evaluate(notifyRules, { notify, world: world as NotifyWorld, ...known })
  }
  expect(owned('refuse').refusal).toMatchObject({
    ...{ rule: 'notify-thread-owner', reason: 'thread-owned-elsewhere' },
  })
  expect([owned('flag').refusal, owned(null).refusal]).toEqual([null, null])
  expect(owned('flag').flags.map(({ rule }) => rule)).toEqual(['notify-thread-owner'])
  expect(owned(null).flags).toEqual([])
})

describe('a message by WINDOW', () => {
  const words = { route: 'WINDOW' }

  test('goes out to the millisecond before its 24 hours are over, and not from then on [S1-38]', () => {
    const instants = fc.integer({ min: 0, max: 4e12 })
    fc.assert(
      fc.property(instants, fc.integer({ min: -1000, max: 1000 }), (actedAt, offMs) => {
        const nowMs = actedAt + DAY_MS + offMs
        expect(reasonOf({ words, nowMs, actedAt })).toBe(offMs < 0 ? null : 'window-closed')
      }),
    )
  })

  test('across the end of February of a leap year: a day is 24 hours [S1-38]', () => {
    const actedAt = Date.parse('2028-02-28T23:59:59.999+09:00')
    const last = Date.parse('2028-02-29T23:59:59.998+09:00')
    expect(reasonOf({ words, nowMs: last, actedAt })).toBeNull()
    expect(reasonOf({ words, nowMs: last + 1, actedAt })).toBe('window-closed')
  })

  test('to somebody who never wrote is refused with what to do instead [S1-38]', () => {
    expect(judged({ words }).refusal).toMatchObject({
      ...{ rule: 'notify-window-open', text: expect.stringContaining('never opened') },
      next: expect.stringContaining('TOKEN'),
    })
  })

  test('is left to the platform, and told, where the guard is off [S1-38]', () => {
    const { refusal, flags } = judged({ words, settings: { windowGuard: 'flag' } })
    expect([refusal, flags.map(({ rule }) => rule)]).toEqual([null, ['notify-window-open']])
  })

  test('names the person by psid, and needs no topic', () => {
    const byToken = { ...words, psid: null, tokenId: 'a'.repeat(32) as TokenId }
    expect(reasonOf({ words: byToken, actedAt: 0, nowMs: 1 })).toBe('recipient-contradicts-route')
    expect(reasonOf({ words: { ...words, topic: null }, actedAt: 0, nowMs: 1 })).toBeNull()
  })
})

describe('a message by TAG', () => {
  test.each(RETIRED)('%s goes out until the platform retired it [S1-37]', (tag) => {
    for (const actedAt of [null, RETIRED_AT - 1, 0]) {
      const about = { words: tagged(tag), actedAt }
      expect(reasonOf({ ...about, nowMs: RETIRED_AT - 1 })).toBeNull()
      expect(reasonOf({ ...about, nowMs: RETIRED_AT })).toBe('tag-retired')
    }
    const { refusal } = judged({ words: tagged(tag) })
    expect(refusal?.text).toBe('the platform takes the tag no more since 2026-04-27')
  })

  test('HUMAN_AGENT reaches who acted within seven days, to the millisecond [S1-37, S1-39]', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (offMs) => {
        const nowMs = RETIRED_AT + 7 * DAY_MS + offMs
        const reason = offMs < 0 ? null : 'tag-window-closed'
        expect(reasonOf({ words: tagged('HUMAN_AGENT'), nowMs, actedAt: RETIRED_AT })).toBe(reason)
      }),
    )
    expect(reasonOf({ words: tagged('HUMAN_AGENT') })).toBe('tag-window-closed')
  })

  test('counts for the pages it was granted to, and for no other [S1-39]', () => {
    const about = { words: tagged('HUMAN_AGENT'), actedAt: RETIRED_AT, nowMs: RETIRED_AT }
    const allowed = (...tags: NotifySettings['tags']) => reasonOf({ ...about, settings: { tags } })
    expect(allowed()).toBe('tag-not-allowed')
    expect(allowed({ pageId: '999', tag: 'HUMAN_AGENT' })).toBe('tag-not-allowed')
    expect(allowed({ pageId: null, tag: 'ACCOUNT_UPDATE' })).toBe('tag-not-allowed')
    expect(allowed({ pageId: '1000', tag: 'HUMAN_AGENT' })).toBeNull()
    expect(allowed({ pageId: null, tag: 'HUMAN_AGENT' })).toBeNull()
  })

  test('counts for a page in good standing: blocked it is refused, warned it is told [S1-39]', () => {
    const about = { words: tagged('HUMAN_AGENT'), actedAt: RETIRED_AT, nowMs: RETIRED_AT }
    expect(reasonOf({ ...about, standing: 'blocked' })).toBe('page-blocked')
    const { refusal, flags } = judged({ ...about, standing: 'warned' })
    expect([refusal, flags.map(({ rule }) => rule)]).toEqual([null, ['notify-tag-standing']])
    expect(
      reasonOf({ words: { route: 'WINDOW' }, actedAt: 0, nowMs: 1, standing: 'blocked' }),
    ).toBe(null)
  })

  test('of a tag for a template that does not go out here is refused', () => {
    const tags = [{ pageId: null, tag: 'CUSTOMER_FEEDBACK' }]
    const words = tagged('CUSTOMER_FEEDBACK')
    expect(reasonOf({ words, settings: { tags } })).toBe('tag-content-mismatch')
  })

  test('takes a tag, and no other route does [S1-31]', () => {
    expect(reasonOf({ words: { route: 'TAG' } })).toBe('tag-missing')
    for (const route of [null, 'TOKEN', 'WINDOW', 'AUTO']) {
      const words = { route, tag: 'HUMAN_AGENT' }
      expect(reasonOf({ words, actedAt: RETIRED_AT })).toBe('tag-contradicts-route')
    }
  })
})
