import { describe, expect, test } from 'vitest'
import { findRuleTests } from './find-rule-tests.ts'

const rules = new Set(['notify-text', 'notify-topic-missing'])

describe('the tests of a rule [S1-18, U6]', () => {
  test('are the places that name it between quotes, and no other words', () => {
    const text = [
      "['notify-text', { text: 'x' }, {}],",
      '// notify-topic-missing is not named here',
      "test('notify-topic-missing refuses', () => { expect(rule).toBe(`notify-text`) })",
      "expect(reason).toBe('notify-text-2')",
    ].join('\n')
    expect(findRuleTests({ path: 'a.test.ts', text }, rules)).toEqual([
      { rule: 'notify-text', file: 'a.test.ts', line: 1 },
      { rule: 'notify-topic-missing', file: 'a.test.ts', line: 3 },
      { rule: 'notify-text', file: 'a.test.ts', line: 3 },
    ])
  })
})
