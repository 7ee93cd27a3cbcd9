import { describe, expect, test } from 'vitest'
import { observed, recordedAnswers } from '../test/recorded-answer.ts'
import { ANSWER_TABLE_VERSION, answerTable } from './answer-table.ts'
import type { CodePair } from './classification.ts'
import { classify } from './classify.ts'
import type { NotSentCause, UnknownCause } from './observation.ts'

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
      expect(verdict).toMatchObject({ class: 'unknown', probe: 'allowed', cause, detail: null })
    },
  )

  const before: readonly NotSentCause[] = ['refused', 'dns', 'tls', 'connect-timeout', 'withdrawn']

  test.each(before)(
    'before the first byte nothing was sent and it may be repeated: %s',
    (cause) => {
      const verdict = classify({ seen: 'not-sent', cause }, { addressedBy: 'psid' })
      expect(verdict).toMatchObject({ class: 'not-sent', kind: 'not-reached', cause })
    },
  )

  test('a damaged page access token stops the page instead of being tried for ever', () => {
    const seen = { seen: 'not-sent', cause: 'page-token-invalid' } as const
    expect(classify(seen, { addressedBy: 'token' })).toMatchObject({
      class: 'page-stopped',
      standing: 'auth-lost',
    })
  })
})

describe('a code called token-used', () => {
  const tokenUsedCodes: readonly CodePair[] = [{ code: 10, subcode: 2018278 }]
  const used = answers.get('token-outside-window')

  test('exists by setting only, and on token sends only', () => {
    if (!used) throw new Error('no recorded answer')
    const seen = observed(used)
    expect(classify(seen, { addressedBy: 'token' }).class).toBe('token-refused')
    expect(classify(seen, { addressedBy: 'token', tokenUsedCodes }).class).toBe('token-used')
    expect(classify(seen, { addressedBy: 'psid', tokenUsedCodes }).class).toBe('refused')
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
    const seen = {
      seen: 'answered',
      status: 200,
      headers: { 'x-app-usage': ['{"call_count":81}'] },
      json: { message_id: 'm_1' },
      bodyBytes: 20,
      bodyCut: false,
    } as const
    const verdict = classify(seen, { addressedBy: 'token' })
    expect(verdict.usage).toEqual([{ scope: 'app', percent: 81, regainMs: 0 }])
  })
})
