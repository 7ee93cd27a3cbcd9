import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { codesOf, endOf, stateOf } from '../test/support/audit-of.ts'
import { command, person, Story, TOPIC, token } from '../test/support/story.ts'
import { invariants } from './finding.ts'
import { findings } from './findings.ts'
import { defaultLimits } from './limits.ts'

const [c1, c2] = [command(1), command(2)]
const [t1, t2] = [token(1), token(2)]

/** A page, two consents, one command: nothing happened to it yet. */
const asked = () => new Story().page().optIn(t1).optIn(t2).notify(c1)
const sent = () => asked().attempted(c1, t1).sent(c1, t1)
const inDoubt = () => asked().attempted(c1, t1).inDoubt(c1, t1)

const found = (story: Story, nowMs?: number) => codesOf(story.records(), nowMs)
const isNotify = ({ topic }: { readonly topic: string }) => topic === 'notify'
const soon = (story: Story) => story.nowMs + MINUTE_MS

describe('one token, one message', () => {
  test('a token that sent under two commands is found', () => {
    const story = sent().notify(c2).attempted(c2, t1).sent(c2, t1)
    expect(found(story)).toEqual(['token-doubled', 'token-sent-twice'].toSorted())
  })

  test('a token that sent under two attempts of one command is found', () => {
    const story = inDoubt().attempted(c1, t1, 2).sent(c1, t1, 1).sent(c1, t1, 2, { eventId: 'x' })
    expect(found(story)).toEqual(['token-sent-twice', 'two-finals'].toSorted())
  })

  test.each([
    ['is unanswered', (story: Story) => story.attempted(c1, t1)],
    ['is in doubt', (story: Story) => story.attempted(c1, t1).inDoubt(c1, t1)],
    ['was refused for good', (story: Story) => refusedForGood(story)],
  ])('an attempt on a token with which another command %s is found', (_, before) => {
    const story = before(asked()).after(MINUTE_MS).notify(c2).attempted(c2, t1).notSent(c2, t1)
    expect(found(story)).toContain('token-doubled')
  })

  test('[U12] a campaign that calls for one person by two commands is found', () => {
    const member = { campaignId: 'spring' }
    const twice = asked().attempted(c1, t1, 1, member).sent(c1, t1).notify(c2)
    expect(found(twice.attempted(c2, t2, 1, member).sent(c2, t2))).toEqual([
      'campaign-person-twice',
    ])
    const again = asked().attempted(c1, t1, 1, member).notSent(c1, t1)
    expect(found(again.attempted(c1, t1, 2, member).sent(c1, t1, 2))).toEqual([])
    const another = sent().notify(c2).attempted(c2, t2, 1, member).sent(c2, t2)
    expect(found(another)).toEqual([])
  })

  test('a token that was let go may be taken by the next command', () => {
    const story = asked().attempted(c1, t1).notSent(c1, t1).notify(c2).attempted(c2, t1)
    expect(found(story.sent(c2, t1), soon(story))).toEqual([])
  })

  test('a claim may stand on the log before the release that it rests on', () => {
    const story = asked().notify(c2).attempted(c1, t1)
    const releasedAt = story.nowMs
    story.attempted(c2, t1).sent(c2, t1).after(MINUTE_MS).notSent(c1, t1, 1, { at: releasedAt })
    expect(found(story, soon(story))).toEqual([])
  })

  test('after an attempt of unknown outcome another token is found', () => {
    const story = inDoubt().attempted(c1, t2, 2).sent(c1, t2, 2)
    expect(found(story)).toEqual(['command-moved'])
  })

  test('after an attempt of unknown outcome a send without a token is found', () => {
    const story = inDoubt().attempted(c1, t1, 2, { tokenId: null, route: 'WINDOW' })
    expect(found(story, soon(story))).toEqual(['command-moved'])
  })

  test('a probe after 1/1357046 is found', () => {
    const answer = { graphCode: 1, graphSubcode: 1357046 }
    const story = asked().attempted(c1, t1).inDoubt(c1, t1, 1, answer).attempted(c1, t1, 2)
    expect(found(story.sent(c1, t1, 2))).toEqual(['probe-forbidden'])
  })

  test('as many probes as are allowed are allowed, one more is found', () => {
    const story = asked()
    for (const n of [1, 2, 3, 4]) story.attempted(c1, t1, n).inDoubt(c1, t1, n)
    expect(found(story, soon(story))).toEqual([])
    story.attempted(c1, t1, 5).inDoubt(c1, t1, 5)
    expect(found(story, soon(story))).toEqual(['probes-exceeded'])
  })

  test('an attempt that begins after the final fact is found', () => {
    const story = sent().after(MINUTE_MS).attempted(c1, t1, 2)
    expect(found(story)).toEqual(['attempt-after-final'])
  })

  test('an attempt that was begun before the proof of the first one came is none', () => {
    const story = inDoubt().attempted(c1, t1, 2).after(MINUTE_MS).sent(c1, t1, 1)
    expect(found(story)).toEqual([])
  })
})

function refusedForGood(story: Story): Story {
  const dead = { attempt: 1, tokenId: t1.tokenId, reason: 'token-spent', tokenReleased: false }
  return story.attempted(c1, t1).failed(c1, dead)
}

describe('a verdict rests on what is known', () => {
  test('two different final facts are found, also under one id', () => {
    const codes = found(sent().failed(c1))
    expect(codes).toEqual(['event-id-reused', 'two-finals'])
  })

  test('two messages of one command are found', () => {
    const story = sent().sent(c1, t1, 1, { messageId: 'm_other' })
    expect(found(story)).toEqual(['two-finals'])
  })

  test('the same end with better evidence is the same', () => {
    const story = inDoubt().sent(c1, t1, 1, { certainty: 'ECHOED', messageId: null }).sent(c1, t1)
    expect(found(story)).toEqual([])
  })

  test.each([
    ['in doubt', () => inDoubt()],
    ['unanswered', () => asked().attempted(c1, t1)],
  ])('failed while an attempt is %s is found', (_, before) => {
    expect(found(before().failed(c1))).toEqual(['final-while-unknown'])
  })

  test.each(['token-spent', 'token-withdrawn'])(
    'a call that failed for %s keeps its token',
    (reason) => {
      const dead = { attempt: 1, tokenId: t1.tokenId, tokenReleased: false, reason }
      expect(found(asked().attempted(c1, t1).failed(c1, dead))).toEqual([])
      const other = { ...dead, reason: 'graph-refused' }
      expect(found(asked().attempted(c1, t1).failed(c1, other))).toEqual(['token-withheld'])
      const withoutToken = { ...other, tokenId: null, tokenReleased: null }
      expect(found(asked().failed(c1, { ...withoutToken, attempt: 0 }))).toEqual([])
    },
  )

  test('a person may close a doubt', () => {
    const closed = { attempt: 1, tokenId: t1.tokenId, certainty: 'OPERATOR', tokenReleased: true }
    expect(found(inDoubt().failed(c1, closed))).toEqual([])
  })

  test('a person who closes a doubt frees the token of all its attempts for another command', () => {
    const closed = { attempt: 2, tokenId: t1.tokenId, certainty: 'OPERATOR', tokenReleased: true }
    const story = inDoubt().attempted(c1, t1, 2).inDoubt(c1, t1, 2).failed(c1, closed)
    expect(found(story.after(HOUR_MS).notify(c2).attempted(c2, t1).sent(c2, t1))).toEqual([])
  })

  test('a person who closes a doubt as sent says so about the attempt in doubt', () => {
    const closed = { certainty: 'OPERATOR', messageId: null, settledBy: 'ada' }
    expect(found(inDoubt().sent(c1, t1, 1, closed))).toEqual([])
    const other = { ...closed, attempt: 1, tokenId: t1.tokenId, tokenReleased: true }
    expect(found(inDoubt().sent(c1, t1, 1, closed).failed(c1, other))).toContain('two-finals')
  })

  describe('that there is no live token', () => {
    const refused = (story: Story) => story.failed(c1, { reason: 'no-live-token', tokenId: null })
    const story = () => new Story().page()

    test('is false where one had been given when the command was asked for', () => {
      const spoken = refused(story().optIn(t1).after(MINUTE_MS).notify(c1))
      expect(found(spoken)).toEqual(['refused-in-spite'])
    })

    test.each([
      ['came after it', () => story().notify(c1).after(MINUTE_MS).optIn(t1)],
      ['came about when it came', () => story().optIn(t1).notify(c1)],
      ['is for another topic', () => story().optIn(t1, { topic: 'sale' }).after(MINUTE_MS)],
      [
        'is of another person',
        () =>
          story()
            .optIn(token(9, person(9)))
            .after(MINUTE_MS),
      ],
    ])('is true where the one that there is %s', (_, told) => {
      const before = told()
      expect(found(refused(before.entries.some(isNotify) ? before : before.notify(c1)))).toEqual([])
    })

    test('may be true where the topic of the one that there is was corrected', () => {
      const corrected = story().optIn(t1).tokenEvent('TokenTopicAssigned', t1, { topic: 'sale' })
      expect(found(refused(corrected.after(MINUTE_MS).notify(c1)))).toEqual([])
    })
  })

  test('sent is inferred only after an unknown attempt of the same command', () => {
    const inferred = { certainty: 'INFERRED', messageId: null }
    expect(found(asked().attempted(c1, t1).sent(c1, t1, 1, inferred))).toEqual([
      'inferred-without-doubt',
    ])
    expect(found(inDoubt().attempted(c1, t1, 2).sent(c1, t1, 2, inferred))).toEqual([])
  })

  test('an outcome without its attempt, and an attempt told after its outcome, are found', () => {
    expect(found(asked().sent(c1, t1))).toEqual(['outcome-unattempted'])
    expect(found(asked().sent(c1, t1).attempted(c1, t1))).toEqual(['outcome-unattempted'])
    expect(found(asked().attempted(c1, t2).sent(c1, t1))).toContain('outcome-unattempted')
  })

  test('an attempt that is known not to have sent, and sent, is found', () => {
    const story = asked().attempted(c1, t1).notSent(c1, t1).sent(c1, t1)
    expect(found(story)).toEqual(['attempt-closed-twice'])
  })

  test('an attempt beside an open one is found', () => {
    const story = asked().attempted(c1, t1).attempted(c1, t1, 2).inDoubt(c1, t1, 2)
    expect(found(story, soon(story))).toEqual(['attempt-unclosed'])
  })
})

describe('every command ends', () => {
  const at = (story: Story, ms: number) => found(story, story.nowMs + ms)

  test('a command without any fact is found when its time is up', () => {
    expect(at(asked(), 14 * MINUTE_MS)).toEqual([])
    expect(at(asked(), 15 * MINUTE_MS)).toEqual(['command-unanswered'])
  })

  test('a parked command has its answer', () => {
    const story = asked()
    const place = story.records().at(-1)?.place
    expect(found(place ? story.parked(place) : story)).toEqual([])
  })

  test('an attempt that nothing closes is found', () => {
    const story = asked().attempted(c1, t1)
    expect(at(story, HOUR_MS)).toEqual([])
    expect(at(story, 70 * MINUTE_MS)).toEqual(['attempt-unfinished'])
  })

  test('a doubt that stands for an hour is found', () => {
    expect(at(inDoubt(), 59 * MINUTE_MS)).toEqual([])
    expect(at(inDoubt(), HOUR_MS)).toEqual(['doubt-stands'])
  })

  test('a wait that ended long ago is found, one that is meant to last is not', () => {
    const story = asked()
    const wait = { reason: 'not-before', dueAt: story.nowMs + DAY_MS }
    story.fact('NotificationScheduled', c1, wait)
    expect(at(story, DAY_MS)).toEqual([])
    expect(at(story, DAY_MS + 2 * HOUR_MS)).toEqual(['wait-overdue'])
    const paused = asked().fact('NotificationScheduled', c1, { reason: 'page-paused' })
    expect(found(paused)).toEqual([])
  })
})

describe('no message without consent', () => {
  const attempt = (story: Story) => found(story.notify(c1).attempted(c1, t1).sent(c1, t1))
  const page = () => new Story().page()

  test('a token of no opt-in is found', () => {
    expect(attempt(page())).toEqual(['token-not-granted'])
  })

  test('a token of another page or person is found', () => {
    expect(attempt(page().optIn(t1, { pageId: '1001' }))).toEqual(['token-of-another'])
    expect(attempt(page().optIn(token(1, person(7))))).toEqual(['token-of-another'])
  })

  test('another topic is found, a corrected one holds from then on', () => {
    expect(attempt(page().optIn(t1, { topic: 'other' }))).toEqual(['topic-not-agreed'])
    expect(attempt(page().optIn(t1, { topic: null }))).toEqual(['topic-not-agreed'])
    const corrected = page().optIn(t1, { topic: null })
    corrected.tokenEvent('TokenTopicAssigned', t1, { topic: TOPIC })
    expect(attempt(corrected)).toEqual([])
    const away = page().optIn(t1).tokenEvent('TokenTopicAssigned', t1, { topic: 'other' })
    expect(attempt(away.after(HOUR_MS))).toEqual(['topic-not-agreed'])
  })

  test('an attempt after the withdrawal is found, one that the last gate stopped is not', () => {
    const withdrawn = () => page().optIn(t1).tokenEvent('TokenWithdrawn', t1).after(HOUR_MS)
    expect(attempt(withdrawn())).toEqual(['attempt-after-withdrawal'])
    const stop = {
      attempt: 1,
      tokenId: t1.tokenId,
      reason: 'token-withdrawn',
      tokenReleased: false,
    }
    expect(found(withdrawn().notify(c1).attempted(c1, t1).failed(c1, stop))).toEqual([])
  })

  test.each([{}, { topic: TOPIC }, { topic: TOPIC, person: null }])(
    'an attempt after consent was withdrawn by %j is found, one on a later consent is not',
    (by) => {
      const withdrawn = (at: number) => {
        const scope = { tokenId: null, topic: null, withdrawnAt: at, ...by }
        const story = page().optIn(t1).after(1_000)
        return story.tokenEvent('ConsentWithdrawn', t1, scope).after(HOUR_MS)
      }
      expect(attempt(withdrawn(page().nowMs))).toEqual(['attempt-after-withdrawal'])
      expect(attempt(withdrawn(page().nowMs - 1))).toEqual([])
    },
  )

  test('an attempt after a token was withdrawn by its id alone is found', () => {
    const alone = { person: null, topic: null, withdrawnAt: 1 }
    const story = page().optIn(t1).tokenEvent('ConsentWithdrawn', t1, alone)
    expect(attempt(story.after(HOUR_MS))).toEqual(['attempt-after-withdrawal'])
  })

  test('what others withdrew, of this page or of another, stops nothing', () => {
    for (const by of [{ person: 'A'.repeat(22) }, { topic: 'other' }, { pageId: '1001' }]) {
      const scope = { tokenId: null, topic: null, withdrawnAt: Infinity, ...by }
      const story = page().optIn(t1).tokenEvent('ConsentWithdrawn', t1, scope)
      expect(attempt(story.after(HOUR_MS))).toEqual([])
    }
  })

  test('an attempt after the year of the token is found', () => {
    expect(
      attempt(
        page()
          .optIn(t1)
          .after(364 * DAY_MS),
      ),
    ).toEqual([])
    expect(
      attempt(
        page()
          .optIn(t1)
          .after(366 * DAY_MS),
      ),
    ).toEqual(['attempt-after-expiry'])
  })

  test('a page that was never connected is found', () => {
    expect(attempt(new Story().optIn(t1))).toEqual(['page-not-connected'])
  })
})

describe('one identity for one thing', () => {
  test('two opt-ins of one id that name different people are found', () => {
    const story = asked()
      .failed(c1)
      .optIn(token(1, person(7)))
    expect(found(story)).toEqual(['event-id-reused'])
  })

  test('a digest that is not the one asked for, and two digests, are found', () => {
    const other = { commandDigest: 'f'.repeat(64) }
    const codes = found(asked().attempted(c1, t1, 1, other).sent(c1, t1, 1, other))
    expect(codes).toContain('digest-differs')
    expect(found(asked().attempted(c1, t1, 1, other).sent(c1, t1))).toEqual(['digest-differs'])
  })

  test('the rejection of a repeat is found, that of another command of the id is not', () => {
    const other = command(1, { text: 'Another text.' })
    expect(found(sent().notify(other).fact('CommandRejected', other))).toEqual([])
    expect(found(sent().notify(c1).fact('CommandRejected', c1))).toEqual(['rejected-itself'])
  })

  test('an id of the platform in the clear is found and not repeated', () => {
    const story = asked().failed(c1)
    story.write('optIn', '2000123456', { ...story.entries[1]?.value })
    const [one] = findings(stateOf(story.records()), endOf(story.records()), defaultLimits)
    expect(one?.code).toBe('personal-in-clear')
    expect(JSON.stringify(one)).not.toContain('2000123456')
  })

  test('a fact that cannot be read is found; a command is for others to park', () => {
    const place = (topic: 'optIn' | 'notify') => ({
      ...({ kind: 'unreadable', topic } as const),
      place: { topic, partition: 0, offset: 0n, timestampMs: 0 },
    })
    expect(codesOf([place('optIn')])).toEqual(['record-unreadable'])
    expect(codesOf([place('notify')])).toEqual([])
  })
})

test('every invariant names a promise and says a sentence', () => {
  for (const { promise, sentence } of Object.values(invariants)) {
    expect(promise).toMatch(/^G[1-8]$/)
    expect(sentence.length).toBeGreaterThan(20)
  }
})
