import { describe, expect, test } from 'vitest'
import { collapsedStateOf, stateOf } from '../test/support/audit-of.ts'
import { command, PAGE, Story, token } from '../test/support/story.ts'
import { compareTruth, type Delivery } from './hidden-truth.ts'

const [c1, c2] = [command(1), command(2)]
const [t1, t2] = [token(1), token(2)]
const sent = () => new Story().page().optIn(t1).notify(c1).attempted(c1, t1).sent(c1, t1)
const failed = () => new Story().page().optIn(t1).notify(c1).attempted(c1, t1).failed(c1)

const arrived = (of: Partial<Delivery> = {}): Delivery => ({
  ...{ mid: 'm_1', pageId: PAGE, commandId: c1.commandId, tokenId: t1.tokenId, atMs: 0 },
  isRequest: false,
  ...of,
})

const compared = (story: Story, ...deliveries: readonly Delivery[]) => {
  const truth = { deliveries, answeredOptIns: [] }
  const [whole, short] = [stateOf, collapsedStateOf].map((fold) =>
    compareTruth(fold(story.records()), truth).map(({ code }) => code),
  )
  expect(short).toEqual(whole)
  return whole
}

describe('the hidden truth', () => {
  test('agrees with a message that was sent once and arrived once', () => {
    expect(compared(sent(), arrived())).toEqual([])
    expect(compared(failed())).toEqual([])
  })

  test('says that a message called sent never arrived', () => {
    expect(compared(sent())).toEqual(['sent-undelivered'])
  })

  test('says that a message called failed arrived', () => {
    expect(compared(failed(), arrived())).toEqual(['failed-yet-delivered'])
  })

  test('says that a command, or a token, gave two messages', () => {
    expect(compared(sent(), arrived(), arrived({ mid: 'm_2' }))).toEqual([
      'delivered-twice',
      'delivered-twice',
    ])
    const both = sent().notify(c2).attempted(c2, t1)
    const second = arrived({ mid: 'm_2', commandId: c2.commandId })
    expect(compared(both, arrived(), second)).toEqual(['delivered-twice'])
  })

  test('says that a message came from no attempt: of its command, of its token, of ours', () => {
    const other = arrived({ mid: 'm_2', commandId: c2.commandId, tokenId: t2.tokenId })
    expect(compared(sent(), arrived(), other)).toEqual(['delivery-unattempted'])
    expect(compared(sent(), arrived({ tokenId: t2.tokenId }))).toEqual(['delivery-unattempted'])
    const foreign = arrived({ mid: 'm_2', commandId: null, tokenId: null })
    expect(compared(sent(), arrived(), foreign)).toEqual(['delivery-unattempted'])
  })

  test('names whom a message without a command of ours went to, and no command twice', () => {
    const foreign = ['m_2', 'm_3'].map((mid) => arrived({ mid, commandId: null, tokenId: null }))
    expect(compared(sent(), arrived(), ...foreign)).toEqual([
      'delivery-unattempted',
      'delivery-unattempted',
    ])
  })

  test('does not take a fact without a call for an attempt', () => {
    const refused = { tokenId: t1.tokenId, reason: 'token-spent' }
    const story = new Story().page().optIn(t1).notify(c1).failed(c1, refused)
    expect(compared(story, arrived())).toEqual(['delivery-unattempted', 'failed-yet-delivered'])
  })

  test('holds questions to the same: one that is called sent arrived, and once', () => {
    const about = { commandId: c1.commandId, commandDigest: c1.digest, person: c1.person }
    const shared = { ...about, attempt: 1, route: 'WINDOW' } as const
    const asked = new Story().page()
    for (const type of ['OptInRequestAttempted', 'OptInRequestSent'] as const) {
      asked.write('optInRequestEvent', c1.person, { type, eventId: type, ...shared })
    }
    const question = arrived({ tokenId: null, isRequest: true })
    expect(compared(asked)).toEqual(['sent-undelivered'])
    expect(compared(asked, question)).toEqual([])
    expect(compared(asked, question, { ...question, mid: 'm_2' })).toEqual(['delivered-twice'])
    expect(compared(asked, arrived({ tokenId: null }))).toContain('delivery-unattempted')
  })

  test.each([
    [
      () => [sent(), [arrived({ atMs: 5 }), arrived({ mid: 'm_2', atMs: 7, tokenId: null })]],
      { subject: 'command 1000:c-1', sinceMs: 5 },
      /: 2 messages of command 1000:c-1$/,
    ],
    [
      () => [sent(), [arrived({ atMs: 5 }), arrived({ mid: 'm_2', commandId: null, atMs: 7 })]],
      { subject: `token ${t1.tokenId}`, sinceMs: 5 },
      new RegExp(`: 2 messages of token ${t1.tokenId}$`),
    ],
    [
      () => [sent(), [arrived({ mid: 'm_2', commandId: c2.commandId, atMs: 7 })]],
      { subject: 'message m_2', sinceMs: 7 },
      /: message m_2 of 1000:c-2$/,
    ],
    [
      () => [sent(), [arrived({ mid: 'm_2', commandId: null, atMs: 7 })]],
      { subject: 'message m_2', sinceMs: 7 },
      /: message m_2 carries no command$/,
    ],
    [() => [sent(), []], { subject: 'command 1000:c-1' }, /: 1000:c-1, sent by attempt 1$/],
  ] as const)('tells what it is about, since when and how: %#', (told, about, sentence) => {
    const [story, deliveries] = told() as [Story, Delivery[]]
    const [one] = compareTruth(stateOf(story.records()), { deliveries, answeredOptIns: [] })
    expect(one).toMatchObject({ ...about, pageId: PAGE })
    expect(one?.sentence).toMatch(sentence)
  })

  test('says that an opt-in is lost where the token was given to another page', () => {
    const answeredOptIns = [{ pageId: '1001', tokenId: t1.tokenId }]
    const found = compareTruth(stateOf(failed().records()), { deliveries: [], answeredOptIns })
    expect(found).toMatchObject([{ code: 'opt-in-lost', pageId: '1001' }])
  })

  test('says which opt-ins were answered 200 and are not on the log', () => {
    const answeredOptIns = [t1, t2].map(({ tokenId }) => ({ pageId: PAGE, tokenId }))
    const [lost, ...others] = compareTruth(stateOf(sent().records()), {
      deliveries: [arrived()],
      answeredOptIns,
    })
    expect(lost).toMatchObject({ code: 'opt-in-lost', subject: `token ${t2.tokenId}` })
    expect(others).toEqual([])
  })
})
