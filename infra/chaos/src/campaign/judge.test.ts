import type { Truth } from '@otn/meta-simulator'
import { describe, expect, test } from 'vitest'
import { isKept, judge, tableOf } from './judge.ts'

const people = ['1', '2'].map((psid) => ({ page: '1000', psid, token: `t${psid}` }))
const counts = { state: 'completed', recorded: 2, sent: 2, failed: 0, inDoubt: 0, cancelled: 0 }
const drilled = {
  options: { tokens: 2, killEveryS: 20, seed: 1 },
  granted: people,
  planned: [{ persons: 2, seconds: 1 }],
  counts: [counts],
  ...{ pauses: [0, 0], seconds: 2, kills: 1, findings: [] },
}

function deliveredTo(...psids: readonly string[]): Truth['deliveries'] {
  return psids.map((psid) => ({ pageId: '1000', psid })) as unknown as Truth['deliveries']
}

describe('[U12] the judge of the campaign drill', () => {
  test('is content where everybody got one message and every pause was kept', () => {
    const report = judge({ deliveries: deliveredTo('1', '2') }, drilled)
    expect(report).toMatchObject({ delivered: 2, twice: 0, missed: 0, perSecond: 1 })
    expect(isKept(report)).toBe(true)
    expect(tableOf(report).at(-1)).toContain('each person once')
  })

  test.each([
    ['somebody got two', deliveredTo('1', '2', '2'), {}],
    ['somebody got none', deliveredTo('1'), {}],
    ['a stranger got one', deliveredTo('1', '2', '3'), {}],
    ['a call began in a pause', deliveredTo('1', '2'), { pauses: [0, 1] }],
    ['a command failed', deliveredTo('1', '2'), { counts: [{ ...counts, failed: 1 }] }],
    ['the auditor found something', deliveredTo('1', '2'), { findings: ['token-spent-twice'] }],
  ])('is not where %s', (_, deliveries, values) => {
    expect(isKept(judge({ deliveries }, { ...drilled, ...values }))).toBe(false)
  })
})
