import { compilePattern } from '@otn/runtime/compile-pattern'
import { describe, expect, test } from 'vitest'
import {
  inOrder,
  nameTopic,
  type TopicRule,
  type TopicRuleFields,
  topicRule,
} from './topic-rules.ts'

function rule(fields: Partial<TopicRuleFields>): TopicRule {
  const base = { ruleId: 'r', ruleKind: 'exact', pattern: 'SALE', topic: 'sale', priority: 1 }
  const made = topicRule({ ...base, ...fields }, compilePattern)
  if (made === null) throw new Error('no rule')
  return made
}

describe('the topic of a payload', () => {
  test('our own envelope names it, before any rule', () => {
    const greedy = rule({ ruleKind: 'prefix', pattern: '', topic: 'all' })
    expect(nameTopic('otn1:restock-1:c7', [greedy])).toEqual({
      topic: 'restock-1',
      topicRule: 'otn1',
      payloadFlag: null,
    })
  })

  test('a malformed envelope counts as foreign and is flagged', () => {
    expect(nameTopic('otn1:Restock 1:c7', [])).toEqual({
      topic: null,
      topicRule: null,
      payloadFlag: 'malformed-envelope',
    })
    const known = rule({ ruleKind: 'prefix', pattern: 'otn1:Restock', topic: 'restock' })
    expect(nameTopic('otn1:Restock 1:c7', [known]).topic).toBe('restock')
  })

  test.each([
    ['exact', 'SALE', 'SALE', 'sale'],
    ['exact', 'SALE', 'SALES', null],
    ['prefix', 'SALE', 'SALES', 'sale'],
    ['prefix', 'SALE', 'A SALE', null],
    ['regexp', '^item-\\d+$', 'item-42', 'sale'],
    ['regexp', '^item-\\d+$', 'item-x', null],
    ['regexp', '再入荷', '本日再入荷', 'sale'],
    ['identity', null, 'restock-9', 'restock-9'],
    ['identity', null, 'Restock 9', null],
    ['identity', null, '', null],
  ])('a rule of kind %s with %s gives %s the topic %s', (ruleKind, pattern, payload, topic) => {
    expect(nameTopic(payload, [rule({ ruleKind, pattern })]).topic).toBe(topic)
  })

  test('rules are asked from the lowest number up, among equals by id, without one at the end', () => {
    const any = { ruleKind: 'prefix', pattern: '' }
    const last = rule({ ...any, ruleId: 'last', priority: null })
    const second = rule({ ...any, ruleId: 'b', priority: 5 })
    const first = rule({ ...any, ruleId: 'a', priority: 5 })
    expect(inOrder([last, second, first]).map(({ id }) => id)).toEqual(['a', 'b', 'last'])
    expect(nameTopic('x', inOrder([last, second, first])).topicRule).toBe('a')
  })

  test.each([
    [{ ruleKind: 'glob' }],
    [{ ruleKind: 'regexp', pattern: '(' }],
    [{ ruleKind: 'regexp', pattern: '(a)\\1' }],
    [{ ruleKind: 'regexp', pattern: 'a'.repeat(513) }],
    [{ pattern: null }],
    [{ topic: null }],
    [{ topic: 'No Topic' }],
  ])('a rule that cannot be one is none: %j', (fields) => {
    const base = { ruleId: 'r', ruleKind: 'exact', pattern: 'SALE', topic: 'sale', priority: 1 }
    expect(topicRule({ ...base, ...fields }, compilePattern)).toBeNull()
  })

  test('a pattern that would take a backtracking engine for ever is answered', () => {
    const evil = rule({ ruleKind: 'regexp', pattern: '^(a+)+$' })
    // Such an engine would try 2^4000 ways; this test would not end.
    expect(nameTopic(`${'a'.repeat(4_000)}!`, [evil]).topic).toBeNull()
  })
})
