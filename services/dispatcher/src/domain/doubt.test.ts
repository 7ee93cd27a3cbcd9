import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  failed,
  inDoubt,
  NOW,
  PAGE,
  scheduled,
  sent,
  T1,
} from '../../test/support/command-facts.ts'
import { doubtOf, doubtSince } from './doubt.ts'

describe('a doubt', () => {
  test('is as old as the first attempt of it, and tells of the last one', () => {
    const answer = { graphCode: 987, graphSubcode: 6, fbtraceId: 'A1x', detail: 'HTTP 400: new' }
    const last = { ...inDoubt(2), ...answer, reason: 'graph-unlisted' } as const
    const command = after(attempted(1), inDoubt(1), attempted(2), last)
    expect(doubtOf(command)).toEqual({
      ...{ pageId: PAGE, commandId: 'c-1', attempt: 2, since: NOW + 1000, tokenId: T1 },
      ...{ topic: 'restock-1234', reason: 'graph-unlisted', ...answer },
    })
  })

  test('is no older than the first attempt that may have sent', () => {
    const command = after(attempted(1), scheduled(1), attempted(2), inDoubt(2))
    expect(doubtSince(command)).toBe(NOW + 3000)
  })

  test('begins with an attempt that nothing closed, where a later one is in doubt', () => {
    const command = after(attempted(1), attempted(2), inDoubt(2))
    expect(doubtSince(command)).toBe(NOW)
  })

  test.each([
    ['open', after()],
    ['under way', after(attempted(1))],
    ['probed right now', after(attempted(1), inDoubt(1), attempted(2))],
    ['known not sent', after(attempted(1), scheduled(1))],
    ['sent', after(attempted(1), inDoubt(1), sent(1))],
    ['failed', after(attempted(1), failed(1, true))],
  ])('is none while the command is %s', (_, command) => {
    expect([doubtOf(command), doubtSince(command)]).toEqual([null, null])
  })
})
