import type { NotificationEvent, ReasonCode } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import {
  after,
  attempted,
  command,
  fact,
  failed,
  history,
  inDoubt,
  MID,
  NOW,
  PERSON,
  scheduled,
  sent,
  T1,
  T2,
} from '../../test/support/command-facts.ts'
import {
  closedByProof,
  evolve,
  holdsOf,
  lastAttempt,
  newCommand,
  stateOf,
  unknownOf,
  waitOf,
} from './command.ts'
import type { Certainty, FactDraft } from './fact-draft.ts'

const withoutRelease = failed(1, false)
const rows: readonly [string, readonly FactDraft[], string, readonly number[], string | null][] = [
  ['recorded', [], 'open', [], null],
  ['waiting', [scheduled(0)], 'open', [], null],
  ['meant or called', [attempted(1)], 'attempting', [1], T1],
  ['known not sent', [attempted(1), scheduled(1)], 'open', [], null],
  ['sent', [attempted(1), sent(1)], 'sent', [], T1],
  ['refused, token free', [attempted(1), failed(1, true)], 'failed', [], null],
  ['refused, token dead', [attempted(1), withoutRelease], 'failed', [], T1],
  ['refused before a call', [failed(0, null)], 'failed', [], null],
  ['in doubt', [attempted(1), inDoubt(1)], 'in-doubt', [1], T1],
  ['probed', [attempted(1), inDoubt(1), attempted(2)], 'attempting', [1, 2], T1],
  ['settled by a probe', [attempted(1), inDoubt(1), attempted(2), sent(2)], 'sent', [1], T1],
  ['settled by a person who knows no attempt', [sent(0)], 'sent', [], T1],
  ['settled by an echo', [attempted(1), inDoubt(1), sent(1)], 'sent', [], T1],
]

describe('a command folded from the log', () => {
  test.each(rows)('%s: its state, its unknown attempts and what it holds', (...row) => {
    const [, drafts, state, unknown, holds] = row
    const folded = after(...drafts)
    expect([stateOf(folded), unknownOf(folded), holdsOf(folded)]).toEqual([state, unknown, holds])
  })

  test('a late repeat of an earlier fact changes nothing, and is the very same object', () => {
    const drafts = [attempted(1), scheduled(1), attempted(2, T2), sent(2, T2)]
    const folded = after(...drafts)
    for (const event of history(drafts)) expect(evolve(folded, event)).toBe(folded)
  })

  test('the refused reuse of an id says nothing of the command that has it', () => {
    const known = after(attempted(1))
    const rejection = {
      ...fact(command({ digest: 'e'.repeat(64) }), failed(0, null)),
      type: 'CommandRejected',
      reason: 'command-id-reused',
    } as const
    expect(evolve(known, rejection)).toBe(known)
  })

  test('a command that named a token learns the person from the first fact that knows them', () => {
    const unknown = command({ person: null })
    expect(evolve(unknown, fact(command(), attempted(1))).person).toBe(PERSON)
  })

  test('the youngest wait counts, be it told with a call or without one', () => {
    const folded = after(scheduled(0), attempted(1), scheduled(1))
    expect(waitOf(folded)).toEqual({ reason: 'not-reached', dueAt: NOW + 60_000, at: NOW + 2000 })
    expect(lastAttempt(folded)).toBe(1)
  })

  test('a fact that knows no person either changes nothing', () => {
    const unknown = evolve(command({ person: null }), { ...attempt(1, NOW), person: null })
    expect(evolve(unknown, { ...attempt(1, NOW), person: null })).toBe(unknown)
  })

  test('the first fact of all makes it, be it about the refused reuse of its id', () => {
    const rejection = { ...fact(command(), failed(0, null)), type: 'CommandRejected' } as const
    expect(evolve(null, { ...rejection, reason: 'command-id-reused' })).toEqual(command())
  })

  test('that is new has made no attempt, waits for nothing and has not ended', () => {
    const { attempts: _a, waits: _w, final: _f, person, ...heading } = command()
    const nothing = { attempts: [], waits: [], final: null }
    expect(newCommand(heading, person)).toEqual({ ...heading, person, ...nothing })
  })

  test('one that was cancelled holds nothing, and what was refused before a call neither', () => {
    const cancelled = {
      ...fact(command(), failed(0, null)),
      type: 'NotificationCancelled',
      tokenId: T1,
    } as const
    const folded = evolve(after(attempted(1), scheduled(1)), cancelled)
    expect([stateOf(folded), holdsOf(folded)]).toEqual(['cancelled', null])
    const refused = { ...fact(command(), failed(0, null)), tokenId: T1 }
    expect(holdsOf(evolve(command(), refused))).toBeNull()
  })
})

describe('an attempt', () => {
  const unsaid = {
    ...{ reason: null, graphCode: null, graphSubcode: null, fbtraceId: null, detail: null },
    ...{ endedAt: null, dueAt: null },
  }

  test('is known from the fact that meant it', () => {
    expect(after(attempted(1)).attempts).toEqual([
      { number: 1, tokenId: T1, ending: 'unanswered', startedAt: NOW, ...unsaid },
    ])
  })

  test('keeps its token and its beginning, whatever ends it, and in whichever order', () => {
    const told = [attempt(1, NOW), ended(inDoubt(1, null), 5), ended(sent(1), 9)]
    const last = { ...unsaid, ending: 'sent', startedAt: NOW, endedAt: NOW + 9, tokenId: T1 }
    for (const events of [told, told.toReversed()]) {
      expect(events.reduce(evolve, command()).attempts).toEqual([{ number: 1, ...last }])
    }
  })

  test('began when it was first meant, whatever a repeat says', () => {
    const told = [attempt(1, NOW + 7), attempt(1, NOW), attempt(1, NOW + 9)]
    expect(told.reduce(evolve, command()).attempts[0]?.startedAt).toBe(NOW)
  })

  test('learns its token from the one fact that knows it', () => {
    const blind = [ended(inDoubt(1, null), 1)].reduce(evolve, command())
    expect(holdsOf(blind)).toBeNull()
    expect(holdsOf(evolve(blind, ended(inDoubt(1, T1), 2)))).toBe(T1)
  })

  test('of two ends of one kind keeps the older', () => {
    const told = [ended(inDoubt(1), 4), ended(inDoubt(1), 2), ended(inDoubt(1), 6)]
    expect(told.reduce(evolve, command()).attempts[0]?.endedAt).toBe(NOW + 2)
  })

  test('was none where the command failed before any', () => {
    expect(after(failed(0, null)).attempts).toEqual([])
  })

  test('that proof of a message closes is the open one, else the one that it proves', () => {
    expect(closedByProof(after(attempted(1), inDoubt(1), attempted(2)), 1)).toBe(2)
    expect(closedByProof(after(attempted(1), inDoubt(1), attempted(2), scheduled(2)), 1)).toBe(1)
  })
})

describe('the waits of a command', () => {
  const put = { type: 'NotificationScheduled', attempt: 0, tokenReleased: null } as const
  const wait = (reason: ReasonCode, at: number, dueAt: number) =>
    fact(command(), { ...put, reason, dueAt }, NOW + at)
  const folded = (...told: readonly ReturnType<typeof wait>[]) => told.reduce(evolve, command())

  test('are kept one for each reason, the youngest of it, in the order of their reasons', () => {
    const told = [wait('page-paused', 3, 1), wait('ledger-behind', 1, 9), wait('page-paused', 2, 8)]
    for (const events of [told, told.toReversed()]) {
      expect(folded(...events).waits).toEqual([
        { reason: 'ledger-behind', at: NOW + 1, dueAt: 9 },
        { reason: 'page-paused', at: NOW + 3, dueAt: 1 },
      ])
    }
    const [first, second] = [wait('page-paused', 1, 2), wait('page-paused', 1, 3)]
    expect(folded(first, second).waits).toEqual(folded(second, first).waits)
    expect(folded(first, second).waits).toMatchObject([{ dueAt: 3 }])
  })

  test('count by the youngest, and of one instant by the one that ends last', () => {
    const [early, late] = [wait('page-paused', 1, 9), wait('ledger-behind', 2, 3)]
    expect(waitOf(folded(early, late))?.reason).toBe('ledger-behind')
    const [short, long] = [wait('page-paused', 1, 3), wait('ledger-behind', 1, 9)]
    expect(waitOf(folded(short, long))?.reason).toBe('ledger-behind')
    expect(waitOf(command())).toBeNull()
  })

  test('have nothing to do with an attempt that is not to be repeated', () => {
    const known = folded(wait('page-paused', 1, 2), attempt(1, NOW + 3), ended(inDoubt(1), 4))
    expect(waitOf(known)?.reason).toBe('page-paused')
    expect(waitOf(after(attempted(1), inDoubt(1)))).toBeNull()
  })
})

describe('of two final facts, should there ever be two,', () => {
  const final = (draft: FactDraft, at = 0) => fact(command(), draft, NOW + at)
  const proven = (certainty: Certainty, at = 0) =>
    final({ ...sent(1), type: 'NotificationSent', certainty, messageId: MID }, at)
  const cancelled = { ...final(failed(0, null)), type: 'NotificationCancelled' } as const
  /** The worse one first. */
  const pairs = [
    ['a failure holds over a cancellation', cancelled, final(failed(0, null), 9)],
    ['a message holds over a failure', final(failed(1, true)), proven('INFERRED', 9)],
    ['an echo holds over a conclusion', proven('INFERRED'), proven('ECHOED', 9)],
    ['an answer holds over an echo', proven('ECHOED'), proven('CONFIRMED', 9)],
    ['a person holds over a conclusion', proven('INFERRED'), byHand(9)],
    ['an echo holds over a person', byHand(0), proven('ECHOED', 9)],
    ['any word holds over none', unsure(0), proven('INFERRED', 9)],
    ['the older one holds', proven('CONFIRMED', 9), proven('CONFIRMED')],
    ['the later attempt holds', final(sent(1)), final(sent(2))],
  ] as const

  test.each(pairs)('%s, whichever comes first', (_, worse, better) => {
    const wanted = evolve(command(), better).final
    expect([worse, better].reduce(evolve, command()).final).toEqual(wanted)
    expect([better, worse].reduce(evolve, command()).final).toEqual(wanted)
  })

  function byHand(at: number) {
    return { ...proven('ECHOED', at), certainty: 'OPERATOR' }
  }

  function unsure(at: number) {
    return { ...proven('ECHOED', at), certainty: null } as unknown as NotificationEvent
  }
})

function attempt(number: number, nowMs: number): NotificationEvent {
  return fact(command(), attempted(number), nowMs)
}

function ended(draft: FactDraft, at: number): NotificationEvent {
  return fact(command(), draft, NOW + at)
}
