import { describe, expect, test } from 'vitest'
import { observed, recordedAnswers } from '../test/recorded-answer.ts'
import { ANSWER_TABLE_VERSION, answerTable } from './answer-table.ts'
import type { CodePair } from './classification.ts'
import { classify } from './classify.ts'
import type { Answered, NotSentCause, UnknownCause } from './observation.ts'

const answered = (values: Partial<Answered>): Answered => ({
  ...{ seen: 'answered', status: 400, headers: {}, json: null, bodyBytes: 20, bodyCut: false },
  ...values,
})
const answers = recordedAnswers('answers')
const shapes = recordedAnswers('shapes')

describe('the answer table', () => {
  test('every row has a recorded answer, and every recorded answer a row', () => {
    const rows = answerTable.map(({ id }) => id)
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(rows).size).toBe(rows.length)
    expect([...answers.keys()].sort()).toEqual([...rows].sort())
  })

  test.each([...answers])('%s is judged as recorded, by its own row', (name, recorded) => {
    const verdict = classify(observed(recorded), recorded)
    expect(verdict).toMatchObject({ ...recorded.expected, row: name })
    expect(verdict.tableVersion).toBe(ANSWER_TABLE_VERSION)
  })
})

describe('an answer of no known form', () => {
  test('there are such answers to try', () => {
    expect(shapes.size).toBeGreaterThan(30)
  })

  test.each([...shapes])('%s is judged as recorded', (_name, recorded) => {
    expect(classify(observed(recorded), recorded)).toMatchObject(recorded.expected)
  })
})

describe('no answer', () => {
  const nothingSeen = { tableVersion: ANSWER_TABLE_VERSION, detail: null, usage: [] }
  const causes: readonly UnknownCause[] = [
    'reset',
    'cut',
    'headers-timeout',
    'body-timeout',
    'total-timeout',
    'aborted',
    'malformed',
    'other',
  ]

  test.each(causes)(
    'after the first byte the outcome is unknown, whatever the cause: %s',
    (cause) => {
      const verdict = classify({ seen: 'unknown', cause, status: 400 }, { addressedBy: 'token' })
      expect(verdict).toEqual({
        ...{ class: 'unknown', probe: 'allowed', cause, reason: 'outcome-unknown' },
        ...{ row: 'no-answer', owner: 'platform', retry: 'after-settling' },
        ...nothingSeen,
      })
    },
  )

  const before: readonly NotSentCause[] = ['refused', 'dns', 'tls', 'connect-timeout', 'withdrawn']

  test.each(before)(
    'before the first byte nothing was sent and it may be repeated: %s',
    (cause) => {
      const verdict = classify({ seen: 'not-sent', cause }, { addressedBy: 'psid' })
      expect(verdict).toEqual({
        ...{ class: 'not-sent', kind: 'not-reached', cause, reason: 'not-reached' },
        ...{ row: 'not-reached', owner: 'operator', retry: 'later' },
        ...nothingSeen,
      })
    },
  )

  test('a damaged page access token stops the page instead of being tried for ever', () => {
    const seen = { seen: 'not-sent', cause: 'page-token-invalid' } as const
    expect(classify(seen, { addressedBy: 'token' })).toEqual({
      ...{ class: 'page-stopped', standing: 'auth-lost', affects: 'page' },
      ...{ row: 'page-token-invalid', owner: 'page', retry: 'after-pause' },
      ...{ reason: 'page-auth-lost', ...nothingSeen },
    })
  })
})

describe('a code called token-used', () => {
  const tokenUsedCodes: readonly CodePair[] = [
    { code: 10, subcode: 2018278 },
    { code: 10, subcode: 1 },
  ]
  const used = answers.get('token-outside-window')

  test('exists by setting only, and on token sends only', () => {
    if (!used) throw new Error('no recorded answer')
    const seen = observed(used)
    expect(classify(seen, { addressedBy: 'token' }).class).toBe('token-refused')
    expect(classify(seen, { addressedBy: 'token', tokenUsedCodes })).toMatchObject({
      ...{ class: 'token-used', reason: 'token-spent', detail: { code: 10, subcode: 2018278 } },
      ...{ row: 'token-used', owner: 'person', retry: 'never' },
    })
    expect(classify(seen, { addressedBy: 'psid', tokenUsedCodes }).class).toBe('refused')
  })

  test.each([
    { code: 10, subcode: 2018065 },
    { code: 100, subcode: 2018278 },
    { code: 10, subcode: null },
  ])('is that pair and none beside it: %j', (pair) => {
    if (!used) throw new Error('no recorded answer')
    const context = { addressedBy: 'token', tokenUsedCodes: [pair] } as const
    expect(classify(observed(used), context).class).toBe('token-refused')
  })

  test('does not count in an answer that calls itself passing', () => {
    const judged = (is_transient: boolean) => {
      const json = { error: { code: 10, error_subcode: 2018278, is_transient } }
      return classify(answered({ json }), { addressedBy: 'token', tokenUsedCodes }).class
    }
    expect([judged(true), judged(false)]).toEqual(['unknown', 'token-used'])
  })

  test('does not count in an answer of a server that failed', () => {
    if (!used) throw new Error('no recorded answer')
    const failed = { ...used, answer: { ...used.answer, status: 500 } }
    expect(classify(observed(failed), { addressedBy: 'token', tokenUsedCodes }).class).toBe(
      'unknown',
    )
  })
})

describe('usage', () => {
  test('is told beside a success, so that the pace slows before the limit', () => {
    const headers = { 'x-app-usage': ['{"call_count":81}'] }
    const seen = answered({ status: 200, headers, json: { message_id: 'm_1' } })
    const verdict = classify(seen, { addressedBy: 'token' })
    expect(verdict.usage).toEqual([{ scope: 'app', percent: 81, regainMs: 0 }])
  })

  test('of the page alone says how long a page rests that was throttled without a word', () => {
    const regain = (minutes: number) => [`{"estimated_time_to_regain_access":${minutes}}`]
    const headers = { 'x-app-usage': regain(9), 'x-page-usage': regain(2) }
    expect(classify(answered({ status: 429, headers }), { addressedBy: 'token' })).toMatchObject({
      ...{ class: 'not-sent', kind: 'throttled', scope: 'page', waitMs: 120_000 },
    })
  })
})

describe('an answer that contradicts itself', () => {
  test('may have sent, where it names a message and says that there were too many calls', () => {
    const seen = answered({ status: 429, json: { message_id: 'm_1' } })
    expect(classify(seen, { addressedBy: 'token' }).class).toBe('unknown')
  })

  test('stops the page all the same where that calls itself passing: a pause loses nothing', () => {
    const seen = answered({ json: { error: { code: 190, is_transient: true } } })
    expect(classify(seen, { addressedBy: 'token' }).class).toBe('page-stopped')
  })
})

describe('what is kept of an answer', () => {
  const detailOf = (error: object) =>
    classify(answered({ json: { error } }), { addressedBy: 'token' }).detail

  test('is every member that tells why, each text once', () => {
    const texts = { message: 'Not now', error_user_title: 'Wait', error_user_msg: 'Not now' }
    const about = { type: 'OAuthException', fbtrace_id: 'H/vnkB0t7Fk', is_transient: false }
    expect(detailOf({ code: 2, error_subcode: 33, ...about, ...texts })).toEqual({
      ...{ status: 400, code: 2, subcode: 33, type: 'OAuthException', isTransient: false },
      ...{ fbtraceId: 'H/vnkB0t7Fk', text: 'Not now · Wait' },
    })
  })

  test('is null for what it does not say', () => {
    const unsaid = { subcode: null, type: null, fbtraceId: null, isTransient: null, text: null }
    expect(detailOf({ code: 2 })).toEqual({ status: 400, code: 2, ...unsaid })
    const { detail } = classify(answered({ status: 502 }), { addressedBy: 'token' })
    expect(detail).toEqual({ status: 502, code: null, ...unsaid })
  })
})
