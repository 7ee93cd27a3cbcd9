import { describe, expect, test } from 'vitest'
import { readPages } from './page-entry.ts'

const page = { pageId: '1000', name: 'A page', appId: '7', accessToken: 'planted-token' }

describe('the pages file', () => {
  test('needs no topics and no rules', () => {
    expect(readPages([page])).toEqual([{ ...page, topics: [] }])
  })

  test('takes topics as names or with what they are for', () => {
    const sale = { topic: 'sale', purpose: 'once a season', mayNotify: ['shop'] }
    expect(readPages([{ ...page, topics: ['restock-1234', sale] }])[0]?.topics).toEqual([
      { topic: 'restock-1234' },
      sale,
    ])
  })

  test('is refused with every fault at once, each with field, what came and what was wanted', () => {
    const wrong = [
      { ...page, pageId: 1000, topics: ['Restock'] },
      { ...page, name: '', topicRules: [{ ruleId: 'otn1', kind: 'identity' }], nme: 'x' },
    ]
    const read = () => readPages(wrong)
    expect(read).toThrow('5 faults in the pages')
    expect(read).toThrow('pages[0].pageId: got 1000, wanted decimal digits')
    expect(read).toThrow('pages[0].topics[0]: got "Restock", wanted a topic')
    expect(read).toThrow('pages[1].name: got "", wanted a text')
    expect(read).toThrow('pages[1].topicRules[0].ruleId: got "otn1", wanted another name')
    expect(read).toThrow('pages[1]: unknown nme')
  })

  test.each([
    ['a page twice', [page, page], 'pages[1].pageId: got "1000", wanted each of them once'],
    ['a topic twice', [{ ...page, topics: ['a', 'a'] }], 'pages[0].topics[1].topic: got "a"'],
    ['no list', { ...page }, 'wanted a list of pages'],
    ['an unknown kind', [withRule({ kind: 'glob' })], 'wanted one of exact, prefix'],
    ['a rule without pattern', [withRule({ kind: 'exact', topic: 'a' })], 'pattern: got nothing'],
    [
      'a pattern in another syntax',
      [withRule({ kind: 'regexp', topic: 'a', pattern: '(?<=x)y' })],
      'wanted a regular expression in RE2 syntax',
    ],
    [
      'a pattern that asks for too many steps',
      [withRule({ kind: 'regexp', topic: 'a', pattern: '(?:x{1,30}){1,30}' })],
      'without back-references, look-around or hundreds of repeats',
    ],
    [
      'more rules than a webhook has time for',
      [{ ...page, topicRules: Array.from({ length: 201 }, (_, n) => numbered(n)) }],
      'wanted at most 200 rules',
    ],
    [
      'more regular expressions than a webhook has time for',
      [{ ...page, topicRules: Array.from({ length: 51 }, (_, n) => numbered(n, 'regexp')) }],
      'wanted at most 50 regular expressions among them',
    ],
    [
      'a rule twice',
      [{ ...page, topicRules: [numbered(1), numbered(1)] }],
      'pages[0].topicRules[1].ruleId: got "r1", wanted each of them once',
    ],
    [
      'a topic that nobody may notify on',
      [{ ...page, topics: [{ topic: 'a', mayNotify: [] }] }],
      'pages[0].topics[0].mayNotify: got [], wanted at least one name',
    ],
  ])('is refused for %s', (_title, content, said) => {
    expect(() => readPages(content)).toThrow(said)
  })

  test('never has its access tokens repeated', () => {
    const read = () => readPages([{ ...page, accessToken: 'planted token' }])
    expect(read).toThrow('pages[0].accessToken: got something else, wanted one word')
    expect(read).not.toThrow('planted')
  })

  test.each([
    ['one page in place of a list', page],
    ['a token in place of a page', [page.accessToken]],
    ['a list within the list', [[page]]],
    ['a page for its name', [{ ...page, name: page }]],
  ])('never has them repeated, given %s', (_, content) => {
    expect(() => readPages(content)).toThrow('pages')
    expect(() => readPages(content)).not.toThrow('planted')
  })
})

const numbered = (n: number, kind = 'exact') => ({
  ...{ ruleId: `r${n}`, kind, pattern: 'x', topic: 'a' },
})

function withRule(rule: object): object {
  return { ...page, topicRules: [{ ruleId: 'r', ...rule }] }
}
