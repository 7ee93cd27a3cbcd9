import { createSecretKey } from 'node:crypto'
import type { PageEvent } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import { createIdentity } from '@otn/vault'
import { describe, expect, test } from 'vitest'
import { missingPin } from './deployment-pin.ts'
import { type PageEntry, readPages } from './page-entry.ts'
import { missingFacts, type PageFact, wantedOf } from './page-facts.ts'

const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))
const NOW = 1_790_000_000_000
const entry: PageEntry = {
  pageId: '1000',
  name: 'A page',
  appId: '7',
  accessToken: 'token-a',
  topics: ['restock-1234'],
  topicRules: [{ ruleId: 'identity', kind: 'identity', priority: 100 }],
}

/** Imports an entry on top of what stands there, as the log would have it afterwards. */
function imported(
  known: readonly PageEvent[],
  given: PageEntry,
  { nowMs = NOW, keepsCatalogue = false } = {},
) {
  const [page] = readPages([given])
  if (page === undefined) throw new Error('no page')
  const wanted = wantedOf(page, { identity, onLog: known, keepsCatalogue })
  const facts = missingFacts({ pageId: pageId('1000'), wanted, known, identity, nowMs })
  return { facts, log: [...known, ...facts.map(sealed)] }
}

function sealed(fact: PageFact): PageEvent {
  if (fact.type !== 'PageConnected') return fact
  return { ...fact, keyId: 'k1', sealed: Buffer.from('sealed') }
}

const types = (facts: readonly PageFact[]) => facts.map(({ type }) => type)

describe('importing a page', () => {
  test('publishes the connection, its topics and its rules, in this order', () => {
    const { facts } = imported([], entry)
    expect(types(facts)).toEqual(['PageConnected', 'TopicDeclared', 'TopicRuleSet'])
    expect(facts[2]).toMatchObject({ rulesVersion: 1 })
    expect(JSON.parse(facts[2]?.rules ?? '')).toEqual([
      { ruleId: 'identity', ruleKind: 'identity', pattern: null, topic: null, priority: 100 },
    ])
  })

  test('twice adds no second fact, also after facts were written twice', () => {
    const { log } = imported([], entry)
    expect(imported(log, entry).facts).toEqual([])
    expect(imported([...log, ...log], entry, { nowMs: NOW + 1 }).facts).toEqual([])
  })

  test('by two people at once gives the same ids', () => {
    const ids = (nowMs: number) =>
      imported([], entry, { nowMs }).facts.map(({ eventId }) => eventId)
    expect(ids(NOW)).toEqual(ids(NOW + 5_000))
  })

  test('publishes what changed and nothing else', () => {
    const { log } = imported([], entry)
    expect(types(imported(log, { ...entry, accessToken: 'token-b' }).facts)).toEqual([
      'PageConnected',
    ])
    const topics = [{ topic: 'restock-1234', purpose: 'tell them' }, 'sale']
    expect(types(imported(log, { ...entry, topics }).facts)).toEqual([
      'TopicDeclared',
      'TopicDeclared',
    ])
  })

  test('sets the rules all at once, one version after the other, and none where none are given', () => {
    const { topicRules: _, ...silent } = entry
    const first = imported([], entry)
    expect(imported(first.log, silent).facts).toEqual([])
    const second = imported(first.log, { ...entry, topicRules: [] })
    expect(second.facts).toMatchObject([{ type: 'TopicRuleSet', rules: '[]', rulesVersion: 2 }])
    expect(imported(second.log, entry).facts).toMatchObject([{ rulesVersion: 3 }])
  })

  test('puts the rules of today in place of those that were set one by one', () => {
    const { log } = imported([], { ...entry, topicRules: [] })
    const single = { eventId: eventId('r'), pageId: pageId('1000'), at: NOW, ruleKind: 'identity' }
    const old = [...log, { ...single, type: 'TopicRuleSet' as const, ruleId: 'identity' }]
    expect(types(imported(old, entry).facts)).toEqual(['TopicRuleSet'])
  })

  test('leaves a catalogue alone that stands on the log, where it is told to', () => {
    const { log } = imported([], entry)
    const other = { ...entry, accessToken: 'b', topicRules: [], topics: ['restock-1234', 'sale'] }
    const [connected, declared, ...more] = imported(log, other, { keepsCatalogue: true }).facts
    expect([connected?.type, declared?.topic, more]).toEqual(['PageConnected', 'sale', []])
  })

  test('says who may notify on a topic, and a topic for anyone has the id it always had', () => {
    const facts = (topic: object) =>
      imported([], { ...entry, topics: [{ topic: 'sale', ...topic }] }).facts
    const [, anyone] = facts({})
    const [, two] = facts({ mayNotify: ['shop', 'crm'] })
    expect([anyone?.mayNotify, two?.mayNotify]).toEqual([null, '["shop","crm"]'])
    expect(anyone?.eventId).not.toBe(two?.eventId)
    const said = ['["category",null]', '["name",null]', '["purpose",null]', '["topic","sale"]', '']
    expect(anyone?.eventId).toBe(identity.event('TopicDeclared', pageId('1000'), said))
  })

  test('back to an earlier content is a new fact, for readers drop a repeated id', () => {
    const first = imported([], entry)
    const second = imported(first.log, { ...entry, accessToken: 'token-b' })
    const third = imported(second.log, entry)
    expect(types(third.facts)).toEqual(['PageConnected'])
    const ids = third.log.map(({ eventId }) => eventId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(imported(third.log, entry).facts).toEqual([])
  })

  test('connects a page again that was disconnected, with a younger fact whatever the clock', () => {
    const { log } = imported([], entry)
    const eventId = identity.event('PageDisconnected', log[0]?.pageId ?? fail(), ['by hand'])
    const gone: PageEvent = {
      type: 'PageDisconnected',
      eventId,
      pageId: log[0]?.pageId ?? fail(),
      at: NOW + 1_000_000,
    }
    const { facts } = imported([...log, gone], entry)
    expect(types(facts)).toEqual(['PageConnected'])
    expect(facts[0]?.at).toBe(NOW + 1_000_001)
  })

  test('shows the access token in no fact and no id that could be guessed', () => {
    const { facts } = imported([], entry)
    expect(JSON.stringify(facts)).not.toContain('token-a')
  })
})

describe('the pepper of a deployment', () => {
  const pinWith = (known: readonly PageEvent[], pepperCheck: string) =>
    missingPin({ known, pepperCheck, identity, nowMs: NOW })

  test('is pinned once', () => {
    const pin = pinWith([], 'aa')
    expect(pin).toMatchObject({ type: 'DeploymentPinned', pageId: 'deployment', pepperCheck: 'aa' })
    expect(pinWith(pin ? [pin] : [], 'aa')).toBeNull()
  })

  test('cannot be another one later', () => {
    const pin = pinWith([], 'aa')
    expect(() => pinWith(pin ? [pin] : [], 'bb')).toThrow('its check value is bb, pinned is aa')
  })
})

function fail(): never {
  throw new Error('no fact')
}
