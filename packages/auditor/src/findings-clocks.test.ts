import { DAY_MS, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { codesOf, collapsedStateOf, endOf } from '../test/support/audit-of.ts'
import { command, person, Story, token } from '../test/support/story.ts'
import { findings } from './findings.ts'
import { defaultLimits } from './limits.ts'

const { clockGraceMs, replicaGraceMs, tellMs, readGraceMs } = defaultLimits
const [c1, c2] = [command(1), command(2)]
const other = command(1, { text: 'Another text.' })
const [t1, t2] = [token(1), token(2)]
const asked = () => new Story().page().optIn(t1).optIn(t2).notify(c1)
const called = () => asked().attempted(c1, t1)
const released = { attempt: 1, tokenId: t1.tokenId, tokenReleased: true }
const found = (story: Story, afterMs = DAY_MS) => codesOf(story.records(), story.nowMs + afterMs)

/** What is told where every command is kept in short as soon as it may be. */
function toldInShort(story: Story): readonly string[] {
  const records = story.records()
  const all = findings(collapsedStateOf(records), endOf(records), defaultLimits)
  return all.map(({ code, sentence }) => `${code}: ${sentence.replace(/^.*?: 1000:c-1, /, '')}`)
}

/** The last record as it would stand under another key: on another partition. */
function elsewhere(story: Story): Story {
  const last = story.entries.pop()
  if (last) story.entries.push({ ...last, key: '1000:c-1' })
  return story
}

describe('two clocks may differ by ten seconds, to the millisecond', () => {
  test.each([false, true])(
    'between the end of a command and an attempt, in short: %s',
    (isShort) => {
      const codes = (byMs: number) => {
        const story = called().sent(c1, t1)
        const at = story.nowMs + byMs
        story.after(MINUTE_MS).attempted(c1, t1, 2, { at })
        return isShort ? toldInShort(story).length : found(story).length
      }
      expect([codes(clockGraceMs), codes(clockGraceMs + 1)]).toEqual([0, 1])
    },
  )

  test('between an attempt and its outcome on another partition', () => {
    const codes = (byMs: number) => {
      const story = elsewhere(called())
      return found(story.sent(c1, t1, 1, { at: story.nowMs - byMs }))
    }
    const places = elsewhere(called()).sent(c1, t1).records().slice(-2)
    expect(new Set(places.map(({ place }) => place.partition)).size).toBe(2)
    expect(codes(clockGraceMs)).toEqual([])
    expect(codes(clockGraceMs + 1)).toEqual(['attempt-after-final', 'outcome-unattempted'])
  })

  test('between a withdrawal that is read late and an attempt that is kept in short', () => {
    const codes = (byMs: number, tell = (story: Story) => story.sent(c1, t1)) => {
      const story = called()
      const at = story.nowMs - defaultLimits.withdrawalMs - byMs
      tell(story).after(DAY_MS).tokenEvent('TokenWithdrawn', t1, { at })
      return toldInShort(story).length
    }
    expect([codes(0), codes(1)]).toEqual([0, 1])
    const dead = { ...released, tokenReleased: false, reason: 'token-withdrawn' }
    expect(codes(1, (story) => story.failed(c1, dead))).toBe(0)
  })

  test('between a release and the claim that stands before it on the log', () => {
    const codes = (byMs: number) => {
      const story = called().notify(c2).attempted(c2, t1)
      const at = story.nowMs + byMs
      return found(story.sent(c2, t1).failed(c1, { ...released, at }))
    }
    expect(codes(clockGraceMs)).toEqual([])
    expect(codes(clockGraceMs + 1)).toEqual(['token-doubled'])
  })
})

describe('what is still to be read is waited for', () => {
  test('two minutes for the end of an attempt, where another command has its token', () => {
    const story = called().notify(c2).attempted(c2, t1)
    expect(found(story, tellMs - 1)).toEqual([])
    expect(found(story, tellMs)).toEqual(['token-doubled'])
    const closed = called().inDoubt(c1, t1).notify(c2).attempted(c2, t1).inDoubt(c2, t1)
    expect(found(closed, 0)).toEqual(['token-doubled'])
  })

  test('ten seconds for a page, for consent and for the attempt of an outcome', () => {
    const bare = new Story().notify(c1).attempted(c1, t1)
    expect(found(bare, readGraceMs - 1)).toEqual([])
    expect(found(bare, readGraceMs)).toEqual(['page-not-connected', 'token-not-granted'])
    const outcome = asked().sent(c1, t1)
    expect(found(outcome, readGraceMs - 1)).toEqual([])
    expect(found(outcome, readGraceMs)).toEqual(['outcome-unattempted'])
  })

  test('as long as replicas lag for the consent that a refusal did not know', () => {
    const refused = (byMs: number, change: object = {}) => {
      const story = new Story().page().optIn(t1)
      story.after(byMs - 1000).notify(c1)
      return found(story.failed(c1, { reason: 'no-live-token', ...change }))
    }
    expect(refused(replicaGraceMs)).toEqual([])
    expect(refused(replicaGraceMs + 1)).toEqual(['refused-in-spite'])
    expect(refused(MINUTE_MS, { person: null })).toEqual([])
    expect(refused(MINUTE_MS, { reason: 'token-spent' })).toEqual([])
    expect(refused(MINUTE_MS, { person: person(5) })).toEqual([])
    const waits = new Story().page().optIn(t1).after(MINUTE_MS).notify(c1)
    expect(found(waits.fact('NotificationScheduled', c1, { reason: 'no-live-token' }), 0)).toEqual(
      [],
    )
  })

  test('and a consent that another person gave with the same token excuses a refusal', () => {
    const story = new Story().page().optIn(t1, { topic: 'sale' })
    story
      .optIn({ ...t1, person: person(5) }, { eventId: 'x' })
      .after(MINUTE_MS)
      .notify(c1)
    expect(found(story.failed(c1, { reason: 'no-live-token', tokenId: null }))).toEqual([])
  })
})

describe('a digest', () => {
  test('that was asked for after the facts, or rejected, proves nothing', () => {
    const late = new Story().page().optIn(t1).attempted(c1, t1).sent(c1, t1).notify(other)
    expect(found(late)).toEqual(['command-unanswered'])
    const rejected = new Story().page().optIn(t1).notify(other).fact('CommandRejected', other)
    expect(found(rejected.attempted(c1, t1).sent(c1, t1))).toEqual([])
  })

  test('of one of two that were asked for is right', () => {
    const story = new Story().page().optIn(t1).notify(other).notify(c1).attempted(c1, t1)
    expect(found(story.sent(c1, t1).fact('CommandRejected', other))).toEqual([])
  })
})

describe('of a command that is kept in short it is told', () => {
  const failed = () => called().failed(c1, released).after(MINUTE_MS)

  test('which end came beside which', () => {
    expect(toldInShort(failed().sent(c1, t1))).toContain(
      'two-finals: sent by attempt 1 beside failed by attempt 1',
    )
    expect(toldInShort(failed().failed(c1))).toContain(
      'two-finals: failed beside failed by attempt 1',
    )
  })

  test('which outcome or attempt came late', () => {
    expect(toldInShort(failed().inDoubt(c1, t1))).toEqual([
      'settled-contradicted: in-doubt by attempt 1 beside failed by attempt 1',
    ])
    expect(toldInShort(failed().attempted(c1, t1, 2))).toEqual([
      'attempt-after-final: attempted by attempt 2 beside failed by attempt 1',
    ])
  })

  test('nothing of a wait that was read late, or of a cancel that ended it for all copies', () => {
    expect(toldInShort(failed().fact('NotificationScheduled', c1))).toEqual([])
    const cancelled = asked().fact('NotificationCancelled', c1).after(MINUTE_MS)
    expect(toldInShort(cancelled.notify(other))).toEqual([])
  })
})

test('what is found twice is told once, since it was first seen', () => {
  const story = called().inDoubt(c1, t1).attempted(c1, t2, 2).inDoubt(c1, t2, 2)
  const records = story.attempted(c1, t1, 3).sent(c1, t1, 3).records()
  const all = codesOf(records)
  expect(all).toEqual([...new Set(all)])
})
