import type { NotificationEvent } from '@otn/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attempted,
  failed,
  history,
  inDoubt,
  scheduled,
  sent,
  T1,
  T2,
} from '../../test/support/command-facts.ts'
import { type Command, evolve, holdsOf, stateOf, unknownOf } from './command.ts'
import { digestText, newDocument } from './document.ts'
import type { FactDraft } from './fact-draft.ts'

const attempt = fc.integer({ min: 1, max: 4 })
const attemptOrNone = fc.integer({ min: 0, max: 4 })
/** An attempt goes out with one token; which one, its claim has settled. */
const tokenOf = (number: number) => (number < 3 ? T1 : T2)
/** Any fact at all, also such as no dispatcher would write after one another. */
const draft: fc.Arbitrary<FactDraft> = fc.oneof(
  attempt.map((number) => attempted(number, tokenOf(number))),
  attempt.map((number) => sent(number, tokenOf(number))),
  fc.tuple(attemptOrNone, fc.boolean()).map(([n, free]) => failed(n, free, tokenOf(n))),
  attempt.map((number) => inDoubt(number, tokenOf(number))),
  attemptOrNone.map((number) => scheduled(number, tokenOf(number))),
)
const facts = fc.array(draft, { minLength: 1, maxLength: 12 }).map(history)

const folded = (events: readonly NotificationEvent[]): Command | null =>
  events.reduce<Command | null>(evolve, null)

describe('folding the facts of a command', () => {
  test('order, repeats and late repeats lead to the same command, on every rebuild', () => {
    const shuffled = facts.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([events, again]) => {
        expect(digest(folded(again))).toEqual(digest(folded(events)))
      }),
      { numRuns: 2_000 },
    )
  })

  test('the fold of a prefix, then of the rest, is the fold of all', () => {
    fc.assert(
      fc.property(facts, fc.nat(12), (events, cut) => {
        const [head, rest] = [events.slice(0, cut), events.slice(cut)]
        expect(rest.reduce<Command | null>(evolve, folded(head))).toEqual(folded(events))
      }),
    )
  })

  test('an event that is known already gives back the very same object', () => {
    fc.assert(
      fc.property(facts, (events) => {
        const command = folded(events)
        for (const event of events) expect(evolve(command, event)).toBe(command)
      }),
    )
  })

  test('sent is never taken back, and who may have sent keeps the token', () => {
    fc.assert(
      fc.property(facts, (events) => {
        const command = folded(events)
        if (command === null) return
        const state = stateOf(command)
        if (events.some(({ type }) => type === 'NotificationSent')) expect(state).toBe('sent')
        const mayBeOut = command.final === null && unknownOf(command).length > 0
        if (mayBeOut) expect(holdsOf(command)).not.toBeNull()
        expect(state === 'open' && holdsOf(command) !== null).toBe(false)
      }),
    )
  })
})

function digest(command: Command | null): string | null {
  return command && digestText(newDocument({ command, content: null, giveUpAt: null }))
}
