import { isTopic } from '@otn/kernel'
import { compilePattern } from '@otn/runtime/compile-pattern'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMayNotify, writeMayNotify } from './may-notify.ts'
import { readTopicRules, writeTopicRules } from './topic-rule-list.ts'
import { inOrder, nameTopic, type TopicRuleFields, topicRule } from './topic-rules.ts'

const short = fc.stringMatching(/^[ab1.:x-]{0,4}$/)
const topic = fc.constantFrom('sale', 'outlet', 'restock-1')
const rules: fc.Arbitrary<readonly TopicRuleFields[]> = fc
  .array(
    fc.record({
      ruleKind: fc.constantFrom('exact', 'prefix', 'regexp', 'identity', 'glob'),
      pattern: fc.option(short),
      topic: fc.option(topic),
      priority: fc.option(fc.nat({ max: 3 })),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((rule, index) => ({ ruleId: `r${index}`, ...rule })))

const made = (list: readonly TopicRuleFields[]) =>
  inOrder(list.flatMap((fields) => topicRule(fields, compilePattern) ?? []))

describe('the rules of a page', () => {
  test('name the same topic in whatever order they are given [S1-06]', () => {
    fc.assert(
      fc.property(rules, short, fc.nat(), (list, payload, turn) => {
        const turned = list.map((_, index) => list[(index + turn) % list.length] ?? fail())
        expect(nameTopic(payload, made(turned))).toEqual(nameTopic(payload, made(list)))
      }),
    )
  })

  test('name a topic that is one, by a rule that is one of them, or none by none', () => {
    fc.assert(
      fc.property(rules, fc.oneof(short, fc.string()), (list, payload) => {
        const named = nameTopic(payload, made(list))
        const known = [null, 'otn1', ...list.map(({ ruleId }) => ruleId)]
        expect(known).toContain(named.topicRule)
        expect(isTopic(named.topic ?? '')).toBe(named.topicRule !== null)
      }),
    )
  })

  test('are the same rules after they were written and read', () => {
    fc.assert(
      fc.property(rules, (list) => {
        expect(readTopicRules(writeTopicRules(list))).toEqual(list)
      }),
    )
  })

  test('are read from any text without a throw, and from none that is no list', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const read = readTopicRules(text)
        expect(read === null || Array.isArray(JSON.parse(text))).toBe(true)
      }),
    )
  })
})

describe('a pattern that would take a backtracking engine for ever', () => {
  const repeated = (payload: string, pattern: string) =>
    nameTopic(
      payload,
      made([{ ruleId: 'r', ruleKind: 'regexp', pattern, topic: 'sale', priority: 1 }]),
    )

  // Such an engine tries 2^4000 ways; this test would not end.
  test.each(['^(a+)+$', '^(a|a)*$', '^(a*)*b$', '^(.*a){12}$', '^(a|aa)+$', '(x+x+)+y'])(
    'is answered: %s',
    (pattern) => {
      expect(repeated(`${'a'.repeat(4_000)}!`, pattern).topic).toBeNull()
    },
  )

  test.each(['(?:a?){500}a{500}', '(?:a{1,30}){1,30}b', '\\pL{1000}', '((a{100}){100}){100}'])(
    'is no rule where it asks for too many steps of a linear one: %s',
    (pattern) => {
      expect(compilePattern(pattern)).toBeNull()
    },
  )

  test('meets no payload beyond 4,096 characters', () => {
    expect(repeated('a'.repeat(4_096), 'a').topic).toBe('sale')
    expect(repeated('a'.repeat(4_097), 'a').topic).toBeNull()
  })
})

describe('who may notify on a topic', () => {
  test('is who was written down, and anyone where nobody was', () => {
    expect(readMayNotify(writeMayNotify(['shop', 'crm "x"']))).toEqual(['shop', 'crm "x"'])
    expect([writeMayNotify(null), readMayNotify(null), readMayNotify(undefined)]).toEqual([
      ...[null, null, null],
    ])
  })

  test.each(['', 'shop', '"shop"', '[1]', '{}'])(
    'is nobody where it cannot be read: %s',
    (text) => {
      expect(readMayNotify(text)).toEqual([])
    },
  )
})

function fail(): never {
  throw new Error('no rule')
}
