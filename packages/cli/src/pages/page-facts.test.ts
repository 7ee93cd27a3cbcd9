import { createSecretKey } from 'node:crypto'
import type { PageEvent } from '@otn/contracts'
import { createIdentity } from '@otn/vault'
import { describe, expect, test } from 'vitest'
import { missingPin } from './deployment-pin.ts'
import { type PageEntry, readPages } from './page-entry.ts'
import { missingFacts, type PageFact } from './page-facts.ts'

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
function imported(known: readonly PageEvent[], given: PageEntry, nowMs = NOW) {
  const [page] = readPages([given])
  if (page === undefined) throw new Error('no page')
  const facts = missingFacts({ page, known, identity, nowMs })
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
    expect(facts[2]).toMatchObject({ ruleId: 'identity', ruleKind: 'identity', priority: 100 })
  })

  test('twice adds no second fact, also after facts were written twice', () => {
    const { log } = imported([], entry)
    expect(imported(log, entry).facts).toEqual([])
    expect(imported([...log, ...log], entry, NOW + 1).facts).toEqual([])
  })

  test('by two people at once gives the same ids', () => {
    const ids = (nowMs: number) => imported([], entry, nowMs).facts.map(({ eventId }) => eventId)
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
