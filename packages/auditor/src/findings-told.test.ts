import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { endOf, stateOf } from '../test/support/audit-of.ts'
import { command, PAGE, START_MS, Story, token } from '../test/support/story.ts'
import { type FindingCode, invariants } from './finding.ts'
import { findings } from './findings.ts'
import { defaultLimits } from './limits.ts'

const [c1, c2] = [command(1), command(2)]
const [t1, t2] = [token(1), token(2)]
const id = t1.tokenId
const digest = c1.digest.slice(0, 8)
/** Each record comes a second after the one before: page, consent, consent, command. */
const asked = () => new Story().page().optIn(t1).optIn(t2).notify(c1)
const called = () => asked().attempted(c1, t1)
const inDoubt = () => called().inDoubt(c1, t1)
const sent = () => called().sent(c1, t1)
const spent = (story: Story) => story.notify(c1).attempted(c1, t1).sent(c1, t1)
const again = (story: Story) => story.after(MINUTE_MS).notify(c2).attempted(c2, t1).notSent(c2, t1)
const INFERRED = { certainty: 'INFERRED', messageId: null }
const STRANGE = { commandDigest: 'f'.repeat(64) }
const AFTER_DELIVERY = { graphCode: 1, graphSubcode: 1357046 }

/** What is found, in which log, what is particular about it, and by which second it shows. */
type Row = readonly [FindingCode, () => Story, string, number]

const ofCommand: readonly Row[] = [
  [
    'command-moved',
    () => inDoubt().attempted(c1, t2, 2),
    'attempt 2 has another token, after attempt 1',
    7,
  ],
  [
    'command-moved',
    () => inDoubt().attempted(c1, t1, 2, { tokenId: null }),
    'attempt 2 has no token, after attempt 1',
    7,
  ],
  [
    'probe-forbidden',
    () => called().inDoubt(c1, t1, 1, AFTER_DELIVERY).attempted(c1, t1, 2),
    'attempt 2 after that answer to attempt 1',
    7,
  ],
  [
    'probes-exceeded',
    () =>
      [1, 2, 3, 4, 5].reduce((story, n) => story.attempted(c1, t1, n).inDoubt(c1, t1, n), asked()),
    '4 attempts after attempt 1, at most 3',
    13,
  ],
  [
    'attempt-after-final',
    () => sent().after(MINUTE_MS).attempted(c1, t1, 2),
    'attempt 2 after sent by attempt 1',
    67,
  ],
  [
    'token-withheld',
    () => called().failed(c1, { attempt: 1, tokenId: t1.tokenId, tokenReleased: false }),
    'attempt 1 failed for gave-up and kept its token',
    6,
  ],
  ['two-finals', () => sent().failed(c1), 'sent by attempt 1 and failed by 0', 7],
  ['final-while-unknown', () => inDoubt().failed(c1), 'failed while attempt 1 is in doubt', 7],
  ['final-while-unknown', () => called().failed(c1), 'failed while attempt 1 is unanswered', 6],
  [
    'inferred-without-doubt',
    () => called().sent(c1, t1, 1, INFERRED),
    'attempt 1 is the first that may have sent',
    6,
  ],
  [
    'outcome-unattempted',
    () => asked().sent(c1, t1),
    'sent by attempt 1, which is not on the log before it',
    5,
  ],
  [
    'attempt-closed-twice',
    () => called().notSent(c1, t1).sent(c1, t1),
    'attempt 1 ended as scheduled and sent',
    7,
  ],
  [
    'attempt-closed-twice',
    () => called().notSent(c1, t1).inDoubt(c1, t1).sent(c1, t1),
    'attempt 1 ended as in-doubt and scheduled and sent',
    8,
  ],
  [
    'refused-in-spite',
    () => new Story().optIn(t1).after(MINUTE_MS).notify(c1).failed(c1, { reason: 'no-live-token' }),
    'asked for at notify/0@0, granted at optIn/2@0',
    63,
  ],
  ['command-unanswered', () => asked(), 'asked for at notify/0@0', 4],
  ['attempt-unfinished', () => called(), 'attempt 1 has no outcome', 5],
  [
    'attempt-unclosed',
    () => called().attempted(c1, t1, 2).inDoubt(c1, t1, 2),
    'attempt 1 is open beside attempt 2',
    6,
  ],
  [
    'wait-overdue',
    () => asked().fact('NotificationScheduled', c1, { reason: 'not-before' }),
    'it waited for not-before',
    5,
  ],
  ['doubt-stands', () => inDoubt(), 'attempt 1', 6],
  ['page-not-connected', () => spent(new Story().optIn(t1)), 'attempt 1 for page 1000', 3],
  [
    'digest-differs',
    () => called().sent(c1, t1, 1, STRANGE),
    `facts carry ${digest} and ffffffff`,
    6,
  ],
  [
    'digest-differs',
    () => asked().attempted(c1, t1, 1, STRANGE).sent(c1, t1, 1, STRANGE),
    `facts carry ffffffff, asked for was ${digest}`,
    5,
  ],
  [
    'rejected-itself',
    () => sent().notify(c1).fact('CommandRejected', c1),
    `rejected at ${START_MS + 8 * SECOND_MS} with the digest of its own facts`,
    8,
  ],
]

const ofToken: readonly Row[] = [
  [
    'token-sent-twice',
    () => sent().notify(c2).attempted(c2, t1).sent(c2, t1),
    'sent by 1000:c-1 attempt 1 and 1000:c-2 attempt 1',
    8,
  ],
  ['token-doubled', () => again(sent()), '1000:c-2 took it while 1000:c-1 had sent', 68],
  ['token-doubled', () => again(called()), '1000:c-2 took it while 1000:c-1 is unanswered', 67],
  ['token-doubled', () => again(inDoubt()), '1000:c-2 took it while 1000:c-1 still held it', 68],
  [
    'topic-not-agreed',
    () => spent(new Story().page().optIn(t1, { topic: 'another' })),
    'attempt 1 of 1000:c-1',
    4,
  ],
  [
    'attempt-after-withdrawal',
    () => spent(new Story().page().optIn(t1).tokenEvent('TokenWithdrawn', t1).after(HOUR_MS)),
    'attempt 1 of 1000:c-1',
    3605,
  ],
  [
    'attempt-after-expiry',
    () =>
      spent(
        new Story()
          .page()
          .optIn(t1)
          .after(DAY_MS * 366),
      ),
    'attempt 1 of 1000:c-1',
    366 * 86_400 + 4,
  ],
]

/** Everything of one code that is found long after the last record. */
function told(code: FindingCode, story: Story) {
  const records = story.records()
  const found = findings(stateOf(records), endOf(records), defaultLimits)
  return found.filter((one) => one.code === code)
}

const at = (second: number) => START_MS + second * SECOND_MS

describe('a finding tells what is wrong with what, on which page and since when', () => {
  test.each(ofCommand)('of a command: %s', (code, story, detail, second) => {
    const { severity, promise, sentence } = invariants[code]
    expect(told(code, story())).toEqual([
      {
        ...{ code, severity, promise, subject: 'command 1000:c-1', pageId: PAGE },
        ...{ sentence: `${sentence}: 1000:c-1, ${detail}`, sinceMs: at(second) },
      },
    ])
  })

  test.each(ofToken)('of a token: %s', (code, story, detail, second) => {
    const { severity, promise, sentence } = invariants[code]
    expect(told(code, story())).toEqual([
      {
        ...{ code, severity, promise, subject: `token ${id}`, pageId: PAGE },
        ...{ sentence: `${sentence}: ${id}, ${detail}`, sinceMs: at(second) },
      },
    ])
  })

  test('of a token that nobody gave, or for another page, no page or that one', () => {
    const missing = told('token-not-granted', spent(new Story().page()))
    expect(missing).toMatchObject([{ pageId: null, sinceMs: at(3) }])
    const other = told('token-of-another', spent(new Story().page().optIn(t1, { pageId: '1001' })))
    expect(other).toMatchObject([{ pageId: '1001', sinceMs: at(4) }])
  })

  test('of what two commands show of one token, the first of them, whichever is read first', () => {
    const story = new Story().page().notify(c1).notify(c2)
    const records = story.attempted(c2, t1).attempted(c1, t1).notSent(c2, t1).records()
    for (const read of [records, records.toReversed()]) {
      const found = findings(stateOf(read), endOf(read), defaultLimits)
      const one = found.filter(({ code }) => code === 'token-not-granted')
      expect(one).toMatchObject([{ sinceMs: at(4) }])
      expect(one[0]?.sentence).toMatch(/attempt 1 of 1000:c-2$/)
    }
  })

  test('of an id that was used again, the fact that had it first', () => {
    const [one, ...others] = told('event-id-reused', sent().failed(c1))
    expect(others).toEqual([])
    expect(one).toMatchObject({ subject: 'command 1000:c-1', pageId: PAGE, sinceMs: at(7) })
    expect(one?.sentence).toMatch(/: [0-9a-f]{32} of command 1000:c-1, at notification\/2@1 and /)
  })

  test('of a record with an id of the platform, or of none, its place', () => {
    const story = asked().failed(c1)
    story.write('optIn', '2000123456', { ...story.entries[1]?.value })
    expect(told('personal-in-clear', story)).toMatchObject([
      { subject: 'optIn/1@0', pageId: null, sinceMs: at(6) },
    ])
    expect(told('personal-in-clear', story)[0]?.sentence).toMatch(/: the key$/)
  })
})
