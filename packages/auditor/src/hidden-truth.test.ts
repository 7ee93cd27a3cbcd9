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
