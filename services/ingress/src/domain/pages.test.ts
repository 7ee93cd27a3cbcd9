import type { PageEvent, TopicRuleSet } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { describe, expect, test } from 'vitest'
import { createPages } from './pages.ts'

const page = pageId('1000')
let facts = 0
/** A fact of its own, younger than those before it. */
function base() {
  facts += 1
  return { eventId: eventId(`e${facts}`), pageId: page, at: facts }
}
const sealed = { keyId: 'k', sealed: Buffer.from('s') }
const connected = (): PageEvent => ({
  ...{ ...base(), ...sealed, type: 'PageConnected', name: 'n', appId: '7' },
})
const ruleSet = (fields: Partial<TopicRuleSet>): PageEvent => ({
  ...base(),
  type: 'TopicRuleSet',
  ruleId: 'r1',
  ruleKind: 'exact',
  pattern: 'SALE',
  topic: 'sale',
  priority: 1,
  ...fields,
})
const exact = (ruleId: string, pattern: string, topic: string) => ({
  ...{ ruleId, ruleKind: 'exact', pattern, topic, priority: 1 },
})
const all = (rules: readonly object[] | string, fields: Partial<TopicRuleSet> = {}): PageEvent => ({
  ...{ ...base(), type: 'TopicRuleSet', rulesVersion: 1, ...fields },
  rules: typeof rules === 'string' ? rules : JSON.stringify(rules),
})
const after = (...events: readonly PageEvent[]) => {
  const pages = createPages(compilePattern)
  for (const event of events) pages.apply(event)
  return pages
}
const topicAfter = (payload: string, ...events: readonly PageEvent[]) =>
  after(...events).nameTopic(page, payload).topic

describe('what is known of pages', () => {
  test('a page counts from its connection to its disconnection, repeats change nothing', () => {
    const [on, off]: PageEvent[] = [connected(), { ...base(), type: 'PageDisconnected' }]
    if (!on || !off) throw new Error('no events')
    expect(after().isConnected(page)).toBe(false)
    expect(after(on, on).isConnected(page)).toBe(true)
    expect(after(on, off).isConnected(page)).toBe(false)
    expect(after(on, off, on).isConnected(page)).toBe(false)
  })

  test('a rule set again takes the place of the one before, on its own page only', () => {
    const [first, second] = [ruleSet({}), ruleSet({ topic: 'outlet' })]
    const pages = after(first, second, first)
    expect(pages.nameTopic(page, 'SALE').topic).toBe('outlet')
    expect(pages.nameTopic(pageId('1001'), 'SALE').topic).toBeNull()
  })

  test('a rule that cannot be used is told, and no longer names what it named before', () => {
    const pages = createPages(compilePattern)
    expect(pages.apply(ruleSet({}))).toEqual([])
    expect(pages.apply(ruleSet({ ruleKind: 'regexp', pattern: '(' }))[0]).toContain('r1')
    expect(pages.nameTopic(page, 'SALE').topic).toBeNull()
    expect(pages.apply(ruleSet({ ruleId: null }))[0]).toContain('cannot be used')
  })
})

describe('the rules of a page that are set all at once', () => {
  const [sale, outlet] = [exact('a', 'SALE', 'sale'), exact('b', 'OUTLET', 'outlet')]

  test('take the place of all before them, those set one by one for good', () => {
    expect(topicAfter('SALE', ruleSet({}), all([outlet]))).toBeNull()
    expect(topicAfter('OUTLET', ruleSet({}), all([outlet]))).toBe('outlet')
    expect(topicAfter('SALE', all([outlet]), ruleSet({}))).toBeNull()
    expect(topicAfter('SALE', all([sale]), all([]))).toBeNull()
  })

  test('are those of the youngest fact, whatever comes late or again', () => {
    const [first, second] = [all([sale]), all([outlet])]
    for (const events of [
      [first, second],
      [second, first],
      [first, second, first],
      [second, first, second],
    ]) {
      expect([topicAfter('SALE', ...events), topicAfter('OUTLET', ...events)]).toEqual([
        null,
        'outlet',
      ])
    }
  })

  test('count without those of them that cannot be used, which are told', () => {
    const pages = createPages(compilePattern)
    const broken = { ...sale, ruleId: 'c', ruleKind: 'regexp', pattern: '(' }
    expect(pages.apply(all([broken, sale]))).toEqual(['topic rule c of page 1000 cannot be used'])
    expect(pages.nameTopic(page, 'SALE')).toMatchObject({ topic: 'sale', topicRule: 'a' })
  })

  test.each(['', 'null', '{}', '[1]', '[{"ruleId":1}]', '[{"ruleId":"a"}]'])(
    'stay as they were where the new ones are no list of rules: %s',
    (rules) => {
      const pages = after(all([sale]))
      expect(pages.apply(all(rules))[0]).toContain('cannot be read')
      expect(pages.nameTopic(page, 'SALE').topic).toBe('sale')
    },
  )
})
