import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { codesOf } from '../test/support/audit-of.ts'
import {
  type Change,
  command,
  person,
  START_MS,
  Story,
  TOPIC,
  token,
} from '../test/support/story.ts'
import { defaultLimits } from './limits.ts'

const [c1, c2] = [command(1), command(2)]
const [t1, t2] = [token(1), token(2)]
const asked = () => new Story().page().optIn(t1).optIn(t2).notify(c1)
const called = () => asked().attempted(c1, t1)
const found = (story: Story, afterMs: number) => codesOf(story.records(), story.nowMs + afterMs)
const waiting = (story: Story, reason: string, forMs: number) =>
  story.fact('NotificationScheduled', c1, { reason, dueAt: story.nowMs + 1000 + forMs })

describe('a wait', () => {
  test.each([
    ...['page-paused', 'page-blocked', 'page-auth-lost', 'page-capability-missing'],
    ...['thread-owned-elsewhere', 'thread-control-requested'],
  ])('until somebody acts may last, also after one that ended: %s', (reason) => {
    const story = waiting(waiting(asked(), 'not-before', MINUTE_MS), reason, MINUTE_MS)
    expect(found(story, 9 * DAY_MS)).toEqual([])
  })

  test('is as long as the longest of its command, whichever was told first', () => {
    const [short, long] = [MINUTE_MS, DAY_MS]
    for (const [one, two] of [
      [short, long],
      [long, short],
    ] as const) {
      const story = waiting(waiting(asked(), 'not-before', one), 'not-reached', two)
      expect(found(story, DAY_MS)).toEqual([])
      expect(found(story, DAY_MS + HOUR_MS)).toEqual(['wait-overdue'])
    }
  })

  test('ends an hour after it was due, counted by the clock of the broker', () => {
    const story = waiting(asked(), 'not-before', 0)
    expect(found(story, HOUR_MS - 1)).toEqual([])
    expect(found(story, HOUR_MS)).toEqual(['wait-overdue'])
    const undue = asked().fact('NotificationScheduled', c1, { dueAt: null })
    expect(found(undue, HOUR_MS)).toEqual(['wait-overdue'])
  })

  test('is over where an attempt follows it, which is judged by itself', () => {
    const story = waiting(asked(), 'not-before', MINUTE_MS).attempted(c1, t1)
    expect(found(story, 2 * HOUR_MS)).toEqual(['attempt-unfinished'])
    expect(found(story.inDoubt(c1, t1), 2 * HOUR_MS)).toEqual(['doubt-stands'])
  })

  test('of an attempt that is known not sent counts like any other', () => {
    const story = waiting(asked(), 'not-before', 0).attempted(c1, t1).notSent(c1, t1)
    expect(found(story, 2 * HOUR_MS)).toEqual(['wait-overdue'])
  })

  test('is none once the command has ended', () => {
    expect(found(waiting(asked(), 'not-before', 0).failed(c1), DAY_MS)).toEqual([])
  })
})

describe('a command that was cancelled', () => {
  test('has its answer, though the cancel overtook it and knows no digest of it', () => {
    const unknown = { commandDigest: '0'.repeat(64) }
    const story = asked().fact('NotificationCancelled', c1, unknown)
    expect(found(story, DAY_MS)).toEqual([])
  })

  test('while an attempt is unanswered is found', () => {
    const story = called().fact('NotificationCancelled', c1)
    expect(found(story, DAY_MS)).toEqual(['final-while-unknown'])
  })
})

describe('consent', () => {
  const { withdrawalMs, tokenLifeMs } = defaultLimits
  const granted = () => new Story().page().optIn(t1).notify(c1)
  const spent = (story: Story, at: number) =>
    found(story.attempted(c1, t1, 1, { at }).sent(c1, t1, 1, { at }), DAY_MS)

  test('that was withdrawn holds until it can be heard of, to the millisecond', () => {
    const at = START_MS + HOUR_MS
    const withdrawn = () => granted().tokenEvent('TokenWithdrawn', t1, { at })
    expect(spent(withdrawn(), at + withdrawalMs)).toEqual([])
    expect(spent(withdrawn(), at + withdrawalMs + 1)).toEqual(['attempt-after-withdrawal'])
  })

  test('that was withdrawn twice is withdrawn since the first time', () => {
    const at = START_MS + HOUR_MS
    for (const [one, two] of [
      [at, at + DAY_MS],
      [at + DAY_MS, at],
    ]) {
      const story = granted().tokenEvent('TokenWithdrawn', t1, { at: one })
      story.after(1).tokenEvent('TokenWithdrawn', t1, { at: two })
      expect(spent(story, at + withdrawalMs + 1)).toEqual(['attempt-after-withdrawal'])
    }
  })

  test('ends with its year, to the millisecond', () => {
    const grantedAt = START_MS
    const story = () => new Story().page().optIn(t1, { grantedAt }).notify(c1)
    expect(spent(story(), grantedAt + tokenLifeMs)).toEqual([])
    expect(spent(story(), grantedAt + tokenLifeMs + 1)).toEqual(['attempt-after-expiry'])
  })

  test('is that of the first record of an opt-in, whichever is read first', () => {
    const story = new Story().page().optIn(t1).optIn(t1, { topic: 'another' }).notify(c1)
    expect(spent(story, story.nowMs)).toEqual([])
    const other = new Story().page().optIn(t1, { topic: 'another' }).optIn(t1).notify(c1)
    expect(spent(other, other.nowMs)).toEqual(['topic-not-agreed'])
  })

  test('holds for whoever the attempt names nobody', () => {
    const story = granted().attempted(c1, t1, 1, { person: null }).sent(c1, t1)
    expect(found(story, DAY_MS)).toEqual([])
  })

  test('to the topic is asked of the first attempt with a token, not of its probes', () => {
    const story = granted().attempted(c1, t1).inDoubt(c1, t1)
    story.tokenEvent('TokenTopicAssigned', t1, { topic: 'another' }).after(HOUR_MS)
    expect(found(story.attempted(c1, t1, 2).sent(c1, t1, 2), DAY_MS)).toEqual([])
  })

  test('is to the topic that the last correction before the attempt named', () => {
    const corrected = (...topics: readonly string[]) =>
      topics.reduce(
        (story, topic) => story.tokenEvent('TokenTopicAssigned', t1, { topic }).after(HOUR_MS),
        new Story().page().optIn(t1),
      )
    const late = (story: Story) => spent(story.notify(c1), story.nowMs)
    expect(late(corrected('another', TOPIC))).toEqual([])
    expect(late(corrected(TOPIC, 'another'))).toEqual(['topic-not-agreed'])
    expect(late(corrected(TOPIC, 'another', 'third'))).toEqual(['topic-not-agreed'])
  })
})

describe('what one token of a person proves', () => {
  test('says nothing of another person, or of another token of theirs', () => {
    const other = token(9, person(9))
    const theirs = command(2, { owner: person(9) })
    const story = new Story().page().optIn(t1).optIn(other).notify(c1).notify(theirs)
    story.attempted(c1, t1).sent(c1, t1).attempted(theirs, other).sent(theirs, other)
    expect(found(story, DAY_MS)).toEqual([])
  })

  test('an attempt with another token is no use of it', () => {
    const story = called().notSent(c1, t1).attempted(c1, t2, 2).sent(c1, t2, 2)
    expect(found(story.notify(c2).attempted(c2, t1).sent(c2, t1), DAY_MS)).toEqual([])
  })

  test('a message without its attempt uses it all the same', () => {
    const story = asked().sent(c1, t1).after(HOUR_MS).notify(c2).attempted(c2, t1).sent(c2, t1)
    expect(found(story, DAY_MS)).toEqual(
      ['outcome-unattempted', 'token-doubled', 'token-sent-twice'].toSorted(),
    )
  })

  test('a person who closes a doubt of another token does not free it', () => {
    const closed = { attempt: 2, tokenId: t2.tokenId, certainty: 'OPERATOR', tokenReleased: true }
    const story = called().inDoubt(c1, t1).failed(c1, closed).after(HOUR_MS)
    expect(found(story.notify(c2).attempted(c2, t1).sent(c2, t1), DAY_MS)).toContain(
      'token-doubled',
    )
  })
})

describe('a command that has two outcomes of one attempt', () => {
  const failed = { attempt: 1, tokenId: t1.tokenId, tokenReleased: true }

  test.each([
    ['sent', (story: Story) => story.sent(c1, t1)],
    ['failed', (story: Story) => story.failed(c1, failed)],
    ['in doubt', (story: Story) => story.inDoubt(c1, t1)],
  ])('is found where it was known not sent, and %s', (_, told) => {
    expect(found(told(called().notSent(c1, t1)), MINUTE_MS)).toContain('attempt-closed-twice')
  })

  test('is lawful where a wait without a call stands beside', () => {
    const story = waiting(asked(), 'not-before', 0).failed(c1)
    expect(found(story, DAY_MS)).toEqual([])
  })
})

describe('an outcome', () => {
  test.each([
    ['a failure', (story: Story) => story.failed(c1, { attempt: 1, tokenId: t1.tokenId })],
    ['a wait', (story: Story) => story.notSent(c1, t1)],
    ['a doubt', (story: Story) => story.inDoubt(c1, t1)],
  ])('without its attempt is found: %s', (_, told) => {
    expect(found(told(asked()), 2 * MINUTE_MS)).toContain('outcome-unattempted')
  })

  test('may name no token, and is that of its attempt', () => {
    const story = called().inDoubt(c1, t1, 1, { tokenId: null }).sent(c1, t1)
    expect(found(story, 2 * MINUTE_MS)).toEqual([])
    const other = called().sent(c1, t1, 2)
    expect(found(other, 2 * MINUTE_MS)).toContain('outcome-unattempted')
  })

  test('after an unknown one is inferred by the same token, of an attempt before it', () => {
    const inferred = { certainty: 'INFERRED', messageId: null }
    const moved = called().inDoubt(c1, t1).attempted(c1, t2, 2).sent(c1, t2, 2, inferred)
    expect(found(moved, DAY_MS)).toEqual(['command-moved', 'inferred-without-doubt'])
    const own = called().inDoubt(c1, t1).sent(c1, t1, 1, inferred)
    expect(found(own, DAY_MS)).toEqual(['inferred-without-doubt'])
  })
})

describe('an answer that is known to come after delivery', () => {
  const answered = (graphCode: number, graphSubcode: number | null) =>
    called().inDoubt(c1, t1, 1, { graphCode, graphSubcode }).attempted(c1, t1, 2).sent(c1, t1, 2)

  test('is 1/1357046 and none beside it', () => {
    expect(found(answered(1, 1357046), DAY_MS)).toEqual(['probe-forbidden'])
    expect(found(answered(1, null), DAY_MS)).toEqual([])
    expect(found(answered(2, 1357046), DAY_MS)).toEqual([])
  })

  test('forbids what follows it, not what was before', () => {
    const last = { graphCode: 1, graphSubcode: 1357046 }
    const story = called().inDoubt(c1, t1).attempted(c1, t1, 2).inDoubt(c1, t1, 2, last)
    expect(found(story, MINUTE_MS)).toEqual([])
  })
})

describe('a command stays with the token of an unknown attempt', () => {
  const none = { tokenId: null }
  const isMoved = (story: Story) => found(story, 0).includes('command-moved')

  test('whether or not the fact of its doubt names the token', () => {
    const story = called().notSent(c1, t1).attempted(c1, t2, 2).inDoubt(c1, t2, 2, none)
    expect(isMoved(story)).toBe(false)
    expect(isMoved(story.attempted(c1, t2, 3))).toBe(false)
    expect(isMoved(story.inDoubt(c1, t2, 3).attempted(c1, t1, 4))).toBe(true)
  })

  test('that a doubt names whose attempt is not on the log', () => {
    expect(isMoved(asked().inDoubt(c1, t1).attempted(c1, t2, 2))).toBe(true)
    expect(isMoved(asked().inDoubt(c1, t1).attempted(c1, t1, 2))).toBe(false)
  })

  test('and without one is never repeated', () => {
    const story = asked().attempted(c1, t1, 1, none).inDoubt(c1, t1, 1, none)
    expect(isMoved(story)).toBe(false)
    expect(isMoved(story.attempted(c1, t1, 2, none))).toBe(true)
  })

  test('and its doubt is over once a later attempt is known not sent and waits', () => {
    const story = called().inDoubt(c1, t1).attempted(c1, t1, 2).notSent(c1, t1, 2)
    expect(found(story, HOUR_MS)).toEqual([])
  })
})

describe('what a final fact leaves open', () => {
  test('is nothing of the attempt that it cancels itself, and nothing after a message', () => {
    const cancel = { attempt: 1, tokenId: t1.tokenId, tokenReleased: true }
    expect(found(called().fact('NotificationCancelled', c1, cancel), DAY_MS)).toEqual([])
    expect(found(called().attempted(c1, t1, 2).sent(c1, t1, 2), DAY_MS)).toEqual([])
  })

  test('is the same where a repeat knows less', () => {
    const less = { certainty: 'INFERRED', messageId: null }
    const story = called().inDoubt(c1, t1).attempted(c1, t1, 2).sent(c1, t1, 2)
    expect(found(story.sent(c1, t1, 2, less), DAY_MS)).toEqual([])
  })
})

describe('the topic of a token', () => {
  const { withdrawalMs: graceMs } = defaultLimits
  const corrected = (topic: string, byMs: number, of: Change = {}) => {
    const story = new Story().page().optIn(t1, of).notify(c1)
    const at = story.nowMs + HOUR_MS
    story.tokenEvent('TokenTopicAssigned', t1, { topic, at: at + byMs })
    return found(story.attempted(c1, t1, 1, { at }).sent(c1, t1, 1, { at }), DAY_MS)
  }

  test('holds until its correction can be heard of, and the new one at once', () => {
    expect(corrected('another', 1 - graceMs)).toEqual([])
    expect(corrected('another', -graceMs)).toEqual(['topic-not-agreed'])
    const before = { topic: 'another' }
    expect(corrected(TOPIC, graceMs, before)).toEqual([])
    expect(corrected(TOPIC, graceMs + 1, before)).toEqual(['topic-not-agreed'])
  })

  test('that nobody named agrees with no attempt, not even with one that names none', () => {
    const none = { topic: null }
    const story = new Story().page().optIn(t1, none).notify(c1).attempted(c1, t1, 1, none)
    expect(found(story.sent(c1, t1), DAY_MS)).toEqual(['topic-not-agreed'])
  })

  test('is the same whichever of its corrections is read first', () => {
    const story = new Story().page().optIn(t1)
    for (const topic of ['third', TOPIC, 'another']) {
      story.tokenEvent('TokenTopicAssigned', t1, { topic }).after(HOUR_MS)
    }
    const records = story.notify(c1).attempted(c1, t1).sent(c1, t1).records()
    const codes = [records, records.toReversed()].map((read) => codesOf(read))
    expect(codes).toEqual([['topic-not-agreed'], ['topic-not-agreed']])
  })
})
