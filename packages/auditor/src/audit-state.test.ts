import { describe, expect, test } from 'vitest'
import { codesOf, stateOf } from '../test/support/audit-of.ts'
import { command, Story, token } from '../test/support/story.ts'
import type { AuditRecord } from './audit-record.ts'

const c1 = command(1)
const [t1, t2] = [token(1), token(2)]
const asked = () => new Story().page().optIn(t1).notify(c1)

function unreadable(offset: bigint): AuditRecord {
  const place = { topic: 'token', partition: 0, offset, timestampMs: Number(offset) } as const
  return { kind: 'unreadable', topic: 'token', place }
}

describe('a parked command', () => {
  const parked = (sourceTopic: string, sourceOffset = '0') => {
    const story = asked()
    const partition = story.records().find(({ topic }) => topic === 'notify')?.place.partition
    story.parked({ partition: partition ?? 0, offset: 0n })
    const last = story.entries.at(-1)
    Object.assign(last?.value ?? {}, { sourceTopic, sourceOffset })
    return codesOf(story.records())
  }

  test.each(['otn.notify.commands.v1', 't1.otn.notify.commands.v1', 't1-otn.notify.commands.v1'])(
    'has its answer, whatever the deployment calls the Kafka topic: %s',
    (topic) => {
      expect(parked(topic)).toEqual([])
    },
  )

  test.each([
    ['otn.notify.commands.v12', '0'],
    ['not-notify.commands.v1', '0'],
    ['otn.token.events.v1', '0'],
    ['xotn.notify.commands.v1', '0'],
    ['otn.notify.commands.v1', 'x0'],
    ['otn.notify.commands.v1', '0x'],
    ['otn.notify.commands.v1', ''],
    ['otn.notify.commands.v1', '1'],
  ])('is no other: %s at %j', (topic, offset) => {
    expect(parked(topic, offset)).toEqual(['command-unanswered'])
  })

  test('is found by its whole offset', () => {
    const state = stateOf(new Story().parked({ partition: 2, offset: 12_345n }).records())
    expect([...state.parked]).toEqual(['notify/2@12345'])
  })
})

describe('what an audit remembers', () => {
  test('is a page from when it was connected, and by nothing else', () => {
    const paused = new Story().page({ type: 'PagePaused' })
    expect(stateOf(paused.records()).pages.size).toBe(0)
    expect([...stateOf(new Story().page().records()).pages]).toEqual(['1000'])
  })

  test('is each token of a person once, by page', () => {
    const other = { pageId: '1001', eventId: 'other' }
    const story = new Story().optIn(t1).optIn(t2).optIn(t1).optIn(t1, other)
    const { granted } = stateOf(story.records())
    expect(granted).toEqual(
      new Map([
        [`1000 ${t1.person}`, new Set([t1.tokenId, t2.tokenId])],
        [`1001 ${t1.person}`, new Set([t1.tokenId])],
      ]),
    )
  })

  test('is the topic of a token by corrections alone', () => {
    const topic = { topic: 'sale' }
    const story = new Story().tokenEvent('TokenTopicAssigned', t1, topic)
    story.tokenEvent('TokenWithdrawn', t1, topic).tokenEvent('TokenTopicAssigned', t1)
    const known = stateOf([...story.records(), ...story.records()]).tokens.get(t1.tokenId)
    expect(known?.topics.map(({ topic: name }) => name)).toEqual(['sale'])
  })

  test('is no more than a thousand stains, each at its first place', () => {
    const places = Array.from({ length: 1_100 }, (_, n) => unreadable(BigInt(n)))
    const { stains } = stateOf([...places, ...places.toReversed()])
    expect(stains.size).toBe(1_000)
    expect(stains.get('record-unreadable token/0@7')).toEqual({
      ...{ code: 'record-unreadable', subject: 'token/0@7', pageId: null },
      detail: 'the bytes are no record of this Kafka topic',
      place: unreadable(7n).place,
    })
  })
})

describe('an id that two facts have', () => {
  const reused = (story: Story) => [...stateOf(story.records()).stains.values()]

  test('is told with the one that was first, whichever is read first', () => {
    const records = asked().optIn(t2, { eventId: 'x' }).optIn(t1, { eventId: 'x' }).records()
    const [one, two] = [records, records.toReversed()].map((all) => [
      ...stateOf(all).stains.values(),
    ])
    expect(one).toEqual(two)
    expect(one).toMatchObject([{ code: 'event-id-reused', subject: `token ${t2.tokenId}` }])
    expect(one?.[0]?.place).toEqual(records.at(-1)?.place)
  })

  test('of a token is what was said of it: its kind and topic as well', () => {
    const told = (change: object) =>
      new Story()
        .tokenEvent('TokenTopicAssigned', t1, { topic: 'sale', eventId: 'x' })
        .tokenEvent('TokenTopicAssigned', t1, { topic: 'sale', eventId: 'x', ...change })
    expect(reused(told({}))).toEqual([])
    expect(reused(told({ topic: 'other' }))).toMatchObject([{ subject: `token ${t1.tokenId}` }])
    expect(reused(told({ type: 'TokenWithdrawn' }))).toHaveLength(1)
  })

  test('of a failure is its reason, too; of others what decides', () => {
    const failed = (reason: string) => asked().failed(c1).failed(c1, { reason })
    expect(reused(failed('gave-up'))).toEqual([])
    expect(reused(failed('token-spent'))).toMatchObject([{ subject: 'command 1000:c-1' }])
    const doubted = asked().inDoubt(c1, t1).inDoubt(c1, t1, 1, { reason: 'doubt-stands' })
    expect(reused(doubted)).toEqual([])
  })
})

test('a request for consent is a command of its own, and asks for no topic', () => {
  const story = new Story().page().optIn(t1, { topic: 'another' })
  const about = { commandId: c1.commandId, commandDigest: c1.digest, person: t1.person }
  const call = { ...about, attempt: 1, tokenId: t1.tokenId, route: 'TOKEN', topic: 'restock-1234' }
  const write = (type: string) =>
    story.write('optInRequestEvent', t1.person, { type, eventId: type, ...call })
  write('OptInRequestAttempted')
  write('OptInRequestSent')
  const state = stateOf(story.records())
  expect([...state.commands.keys()]).toEqual(['request 1000:c-1'])
  expect(codesOf(story.records())).toEqual([])
})
