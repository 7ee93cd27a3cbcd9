import { DAY_MS, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import {
  attempted,
  command,
  fact,
  failed,
  inDoubt,
  NOW,
  PAGE,
  PERSON,
  sent,
} from '../../test/support/command-facts.ts'
import { askedBy, askingSlot, openSince, sameTitleAt } from './asking.ts'
import { evolve, newCommand } from './command.ts'
import type { FactDraft } from './fact-draft.ts'

const asks = { context: null, titleDigest: 'd1' }
const asking = newCommand({ ...command(), route: 'WINDOW', asks }, PERSON)
const after = (...drafts: readonly FactDraft[]) =>
  drafts.reduce((known, draft) => evolve(known, fact(known, draft)), asking)
const asked = { pageId: PAGE, person: PERSON, topic: 'restock-1234', titleDigest: 'd1', at: NOW }

describe('a question', () => {
  test.each([
    ['is none before its call', after(), null],
    ['counts while its call is under way', after(attempted(1, null)), asked],
    ['counts where it may be out', after(attempted(1, null), inDoubt(1, null)), asked],
    ['counts once it is out', after(attempted(1, null), sent(1, null)), asked],
    ['is none where it was refused', after(attempted(1, null), failed(1, null)), null],
  ])('[S1-20] %s', (_, of, wanted) => {
    expect(askedBy(of)).toEqual(wanted)
  })

  test('is none of a notification', () => {
    expect(askedBy(evolve(command(), fact(command(), attempted(1))))).toBeNull()
    const message = newCommand({ ...command(), route: 'WINDOW' }, PERSON)
    expect(askingSlot(evolve(message, fact(message, attempted(1, null))))).toBeNull()
  })

  test('is one of nobody, about nothing or of no time while that is not known', () => {
    const under = after(attempted(1, null))
    expect(askedBy({ ...under, person: null })).toBeNull()
    expect(askedBy({ ...under, topic: null })).toBeNull()
    expect(askedBy(after(inDoubt(1, null)))).toBeNull()
    // A slot that names nobody is shared by all such, which errs on the side of no question.
    expect(askingSlot({ ...under, person: null })).toBe('ask::restock-1234')
    expect(askingSlot({ ...under, topic: null })).toBe(`ask:${PERSON}:`)
  })

  test('[S1-20] has one person to itself while its call is under way, and no longer', () => {
    expect(askingSlot(after())).toBeNull()
    expect(askingSlot(after(attempted(1, null)))).toBe(`ask:${PERSON}:restock-1234`)
    expect(askingSlot(after(attempted(1, null), sent(1, null)))).toBeNull()
    const byToken = newCommand({ ...asking, route: 'TOKEN' }, PERSON)
    expect(askingSlot(evolve(byToken, fact(byToken, attempted(1))))).toBeNull()
  })
})

describe('words', () => {
  const put = (titleDigest: string | null, at: number) => ({ titleDigest, at })
  const last = (titleDigest: string | null, nowMs: number) =>
    sameTitleAt([put('d1', NOW), put('d1', NOW - 9), put('d2', NOW + 5), put(null, NOW)], {
      ...{ titleDigest, nowMs, openMs: 100 },
    })

  test('[S1-20] are not put to one person again until their time is over, to the millisecond', () => {
    expect(last('d1', NOW + 99)).toBe(NOW)
    expect(last('d1', NOW + 100)).toBeNull()
  })

  test('that nobody knows, or that were not put, are no repeat', () => {
    expect([last('d3', NOW), last(null, NOW)]).toEqual([null, null])
  })
})

describe('a question stands', () => {
  const open = (grants: readonly number[], nowMs = NOW + 1, ...at: readonly number[]) =>
    openSince(
      [NOW, ...at].map((when) => ({ at: when })),
      { grants, nowMs, openMs: DAY_MS },
    )

  test('[S1-20] until it lapses, and the youngest tells since when', () => {
    expect(open([])).toBe(NOW)
    expect(open([], NOW + DAY_MS - 1)).toBe(NOW)
    expect(open([], NOW + DAY_MS)).toBeNull()
    expect(open([], NOW + DAY_MS - 1, NOW + 5)).toBe(NOW + 5)
  })

  test('[S1-20] until the person agreed after it; agreeing before it is no answer', () => {
    expect(open([NOW + 1])).toBeNull()
    expect(open([NOW - MINUTE_MS])).toBeNull()
    expect(open([NOW - MINUTE_MS - 1])).toBe(NOW)
  })
})
