import { describe, expect, test } from 'vitest'
import { evaluate, type Finding, type Rule, type RuleSet, rulesVersionOf } from './rule.ts'

const rule = (id: string, judge: Rule<string>['judge'], version = 1): Rule<string> => ({
  ...{ id, version, judge },
  source: { id: 'S1-18', sentence: 'The limits of the guide apply' },
  reason: 'title-too-long',
  text: 'counted {count} of {max}',
  next: 'shorten it',
})

const refuses: Finding = { kind: 'refuse', facts: { count: 66, max: 65 } }
const set = (...rules: readonly Rule<string>[]): RuleSet<string> => ({ name: 'test', rules })

describe('a set of rules', () => {
  test('gives every verdict in its order, and the first refusing one decides [S1-18]', () => {
    const evaluation = evaluate(
      set(
        rule('a', () => null),
        rule('b', () => ({ kind: 'flag' })),
        rule('c', () => refuses),
        rule('d', () => 'unasked'),
        rule('e', () => ({ ...refuses, reason: 'topic-missing' })),
      ),
      'anything',
    )
    expect(evaluation.verdicts.map(({ rule: id, kind }) => `${id} ${kind}`)).toEqual([
      ...['a pass', 'b flag', 'c refuse', 'd unasked', 'e refuse'],
    ])
    expect(evaluation.refusal).toMatchObject({ rule: 'c', reason: 'title-too-long' })
    expect(evaluation.verdicts.at(-1)?.reason).toBe('topic-missing')
    expect(evaluation.flags.map(({ rule: id }) => id)).toEqual(['b'])
  })

  test('says with each verdict which sentence it rests on [S1-18]', () => {
    const { verdicts } = evaluate(
      set(
        rule('a', () => null),
        rule('b', () => refuses),
      ),
      '',
    )
    for (const { source } of verdicts) expect(source.id).toBe('S1-18')
    expect(verdicts[0]).toMatchObject({ reason: null, text: null, next: null })
    expect(verdicts[1]).toMatchObject({ text: 'counted 66 of 65', next: 'shorten it' })
  })

  test('lets a situation go that no rule refuses', () => {
    expect(
      evaluate(set(rule('a', (situation) => (situation === 'bad' ? refuses : null))), 'good')
        .refusal,
    ).toBeNull()
  })

  test('changes its version with each of its rules', () => {
    const judge = () => null
    const [before, after] = [set(rule('a', judge), rule('b', judge)), set(rule('a', judge, 2))]
    expect(rulesVersionOf(before)).toBe('test/2')
    expect(rulesVersionOf(set(...before.rules, ...after.rules))).toBe('test/4')
  })
})
