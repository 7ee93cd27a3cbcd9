import type { PageEvent } from '@otn/contracts'
import { eventId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { page, pageEvents } from '../../test/arbitrary-events.ts'
import {
  foldPageEvent,
  type PageDocument,
  type PageStanding,
  pageStanding,
  topicRulesOf,
  unknownPage,
} from './page.ts'

type Told = Partial<Record<'action' | 'capability' | 'state' | 'topic' | 'ruleId', string>>

function event(type: PageEvent['type'], at: number, told: Told = {}): PageEvent {
  const { action = 'block', capability = 'one-time-notification', state = 'granted' } = told
  const { topic = 'restock-1', ruleId = 'r1' } = told
  const id = eventId(JSON.stringify([type, at, told]))
  const sealed = { keyId: 'k1', sealed: Buffer.from('x'), pepperCheck: 'p' }
  const named = { name: 'Shop', appId: 'app-1', ruleKind: 'exact', ruleId, topic }
  return { type, at, eventId: id, pageId: page, ...sealed, ...named, action, capability, state }
}

const connected = event('PageConnected', 1)
const standingAfter = (...events: readonly PageEvent[]) =>
  pageStanding(events.reduce(foldPageEvent, unknownPage))

describe('the standing of a page', () => {
  test.each<[PageStanding, readonly PageEvent[]]>([
    ['unknown', [event('TopicDeclared', 1)]],
    ['active', [connected]],
    ['disconnected', [connected, event('PageDisconnected', 2)]],
    ['active', [connected, event('PageDisconnected', 2), event('PageConnected', 3)]],
    ['paused', [connected, event('PagePaused', 2)]],
    ['active', [connected, event('PagePaused', 2), event('PageResumed', 3)]],
    ['blocked', [connected, event('PagePaused', 2), event('PagePolicyEnforced', 3)]],
    ['active', [connected, event('PagePolicyEnforced', 2, { action: 'warning' })]],
    ['capability-missing', [connected, event('PageCapabilityChanged', 2, { state: 'revoked' })]],
    ['active', [connected, event('PageCapabilityChanged', 2, { state: 'not-requested' })]],
    ['capability-missing', [connected, event('PageCapabilityChanged', 2, { state: 'denied' })]],
    [
      'active',
      [connected, event('PageCapabilityChanged', 2, { state: 'denied', capability: 'other' })],
    ],
    [
      'blocked',
      [
        connected,
        event('PagePolicyEnforced', 2),
        event('PagePolicyEnforced', 3, { action: 'warning' }),
      ],
    ],
    [
      'active',
      [
        connected,
        event('PagePolicyEnforced', 2),
        event('PagePolicyEnforced', 3, { action: 'unblock' }),
      ],
    ],
  ])('is %s after its facts', (standing, events) => {
    expect(standingAfter(...events)).toBe(standing)
  })

  test('follows the log where a clock stands still', () => {
    expect(standingAfter(connected, event('PagePaused', 5), event('PageResumed', 5))).toBe('active')
    expect(standingAfter(connected, event('PageResumed', 5), event('PagePaused', 5))).toBe('paused')
  })
})

describe('a block of the platform', () => {
  const enforced = (action: string, at: number, occurredAt: number | null): PageEvent =>
    ({ ...event('PagePolicyEnforced', at, { action }), occurredAt }) as PageEvent

  test('counts from when it happened there, not from when it was heard of', () => {
    const [lifted, late] = [enforced('unblock', 8, 2), enforced('block', 9, 1)]
    expect(standingAfter(connected, lifted, late)).toBe('active')
  })

  test('that claims to come from the future counts from when it was heard of', () => {
    const [ahead, lifted] = [enforced('block', 2, 99), enforced('unblock', 3, null)]
    expect(standingAfter(connected, ahead, lifted)).toBe('active')
  })
})

describe('the fold of a page', () => {
  test('keeps what a topic is declared to be about, and what a rule says', () => {
    const about = { name: 'Restock', purpose: 'back in stock', category: 'shop' }
    const declared = { ...event('TopicDeclared', 1, { topic: 'a' }), ...about } as PageEvent
    const rule = { pattern: 'otn:.*', priority: 3, ruleKind: 'regex' }
    const set = { ...event('TopicRuleSet', 1, { topic: 'a' }), ...rule } as PageEvent
    const { topics, rules } = [declared, set].reduce(foldPageEvent, unknownPage)
    expect(topics[0]?.latest.value).toEqual({
      ...{ title: 'Restock', purpose: 'back in stock', category: 'shop' },
    })
    expect(rules[0]?.latest.value).toEqual({ ...rule, topic: 'a' })
  })

  test('keeps who may notify on a topic, and nothing where anyone may', () => {
    const declared = (mayNotify: string | null) =>
      foldPageEvent(unknownPage, { ...event('TopicDeclared', 1), mayNotify } as PageEvent)
    const of = ({ topics }: PageDocument) => topics[0]?.latest.value
    expect(of(declared('["shop"]'))?.mayNotify).toEqual(['shop'])
    expect(of(declared('broken'))?.mayNotify).toEqual([])
    expect(of(declared(null))).not.toHaveProperty('mayNotify')
  })

  test('shows the rules that were set all at once, and those set one by one no more', () => {
    const rule = (ruleId: string) => ({
      ...{ ruleId, ruleKind: 'identity', pattern: null, topic: null, priority: null },
    })
    const all = (at: number, ...ids: readonly string[]) =>
      ({
        ...{ ...event('TopicRuleSet', at, { ruleId: ids.join() }), rulesVersion: at },
        rules: JSON.stringify(ids.map(rule)),
      }) as PageEvent
    const shown = (...events: readonly PageEvent[]) => {
      const { version, rules } = topicRulesOf(events.reduce(foldPageEvent, unknownPage))
      return `${version}: ${rules.map(({ ruleId }) => ruleId)}`
    }
    const single = event('TopicRuleSet', 9, { ruleId: 'single' })
    expect(shown(single)).toBe('0: single')
    for (const events of [
      [single, all(1, 'a', 'b'), all(2, 'c')],
      [all(2, 'c'), all(1, 'a', 'b'), single],
      [all(2, 'c'), single, all(2, 'c'), all(1, 'a', 'b')],
    ]) {
      expect(shown(...events)).toBe('2: c')
    }
    const broken = { ...all(3), rules: 'broken' } as PageEvent
    expect(shown(all(1, 'a'), broken)).toBe('1: a')
  })

  test('keeps topics in the order of their names, whatever order they came in', () => {
    const names = ['a', 'b', 'c', 'd']
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
        const events = order.map((topic, index) => event('TopicDeclared', index + 1, { topic }))
        const { topics } = events.reduce(foldPageEvent, unknownPage)
        expect(topics.map(({ name }) => name)).toEqual(names)
      }),
    )
  })

  test('keeps topics and rules under their names, the latest of each', () => {
    const events = [
      event('TopicDeclared', 2, { topic: 'b' }),
      event('TopicDeclared', 1, { topic: 'a' }),
      event('TopicRuleSet', 5, { ruleId: 'r1', topic: 'b' }),
      event('TopicRuleSet', 4, { ruleId: 'r1', topic: 'a' }),
    ]
    const { topics, rules } = events.reduce(foldPageEvent, unknownPage)
    expect(topics.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(rules.map(({ latest }) => latest.value.topic)).toEqual(['b'])
  })

  test('is not changed by a late repeat of any fact', () => {
    fc.assert(
      fc.property(fc.array(pageEvents, { maxLength: 20 }), fc.nat(), (events, pick) => {
        const state = events.reduce(foldPageEvent, unknownPage)
        const repeated = events[pick % Math.max(1, events.length)]
        if (repeated) expect(foldPageEvent(state, repeated)).toBe(state)
      }),
    )
  })

  test('of a prefix and then everything again equals the fold of everything', () => {
    fc.assert(
      fc.property(fc.array(pageEvents, { maxLength: 20 }), fc.nat(), (events, cut) => {
        const prefix = events.slice(0, cut % (events.length + 1))
        const all = events.reduce(foldPageEvent, unknownPage)
        expect([...prefix, ...events].reduce(foldPageEvent, unknownPage)).toEqual(all)
      }),
    )
  })
})
