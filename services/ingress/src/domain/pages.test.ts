import type { PageEvent, TopicRuleSet } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { compilePattern } from '../adapters/compile-pattern-re2.ts'
import { createPages } from './pages.ts'

const page = pageId('1000')
const base = { eventId: eventId('e'), pageId: page, at: 1 }
const sealed = { keyId: 'k', sealed: Buffer.from('s') }
const connected: PageEvent = { ...base, ...sealed, type: 'PageConnected', name: 'n', appId: '7' }

const ruleSet = (fields: Partial<TopicRuleSet>): PageEvent => ({
  ...base,
  type: 'TopicRuleSet',
  ruleId: 'r1',
  ruleKind: 'exact',
  pattern: 'SALE',
  topic: 'sale',
  priority: 1,
  ...fields,
})

describe('what is known of pages', () => {
  test('a page counts from its connection to its disconnection, repeats change nothing', () => {
    const pages = createPages(compilePattern)
    expect(pages.isConnected(page)).toBe(false)
    for (const event of [connected, connected]) pages.apply(event)
    expect(pages.isConnected(page)).toBe(true)
    pages.apply({ ...base, type: 'PageDisconnected' })
    expect(pages.isConnected(page)).toBe(false)
  })

  test('a rule set again takes the place of the one before, on its own page only', () => {
    const pages = createPages(compilePattern)
    pages.apply(ruleSet({}))
    pages.apply(ruleSet({ topic: 'outlet' }))
    expect(pages.nameTopic(page, 'SALE').topic).toBe('outlet')
    expect(pages.nameTopic(pageId('1001'), 'SALE').topic).toBeNull()
  })

  test('a rule that cannot be used is told, and no longer names what it named before', () => {
    const pages = createPages(compilePattern)
    expect(pages.apply(ruleSet({}))).toBeNull()
    expect(pages.apply(ruleSet({ ruleKind: 'regexp', pattern: '(' }))).toContain('r1')
    expect(pages.nameTopic(page, 'SALE').topic).toBeNull()
  })
})
