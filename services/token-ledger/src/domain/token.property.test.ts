import type {
  NotificationEvent,
  OptInReceived,
  OptInRequestEvent,
  TokenEvent,
} from '@otn/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calls, optIns, requests, tokenEvents, withdrawals } from '../../test/arbitrary-events.ts'
import { historyOf } from './history.ts'
import {
  foldCall,
  foldConsent,
  foldTokenEvent,
  type TokenDocument,
  tokenView,
  unknownToken,
} from './token.ts'

type Fact =
  | { readonly stream: 'consent'; readonly event: OptInReceived }
  | { readonly stream: 'notification'; readonly event: NotificationEvent }
  | { readonly stream: 'request'; readonly event: OptInRequestEvent }
  | { readonly stream: 'correction'; readonly event: TokenEvent }

function evolve(token: TokenDocument, fact: Fact): TokenDocument {
  switch (fact.stream) {
    case 'consent':
      return foldConsent(token, fact.event)
    case 'correction':
      return foldTokenEvent(token, fact.event)
    default:
      return foldCall(token, { part: fact.stream, event: fact.event })
  }
}

const foldAll = (facts: readonly Fact[]) => facts.reduce(evolve, unknownToken)

const fact: fc.Arbitrary<Fact> = fc.oneof(
  optIns.map((event) => ({ stream: 'consent' as const, event })),
  calls.map((event) => ({ stream: 'notification' as const, event })),
  requests.map((event) => ({ stream: 'request' as const, event })),
  tokenEvents.map((event) => ({ stream: 'correction' as const, event })),
  withdrawals
    .filter(({ tokenId }) => tokenId !== null)
    .map((event) => ({ stream: 'correction' as const, event })),
)
const log = fc.array(fact, { maxLength: 24 })
/** A log and, per fact, when it reaches the ledger. */
const delayed = log.chain((facts) =>
  fc.tuple(fc.constant(facts), fc.array(fc.nat(), { minLength: facts.length, maxLength: 24 })),
)

function shuffled(facts: readonly Fact[], keys: readonly number[]): readonly Fact[] {
  const order = facts.map((_, index) => index).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0))
  return order.flatMap((index) => facts[index] ?? [])
}

/** Any order between Kafka topics that keeps the order within each. */
function interleaved(facts: readonly Fact[], keys: readonly number[]): readonly Fact[] {
  const queues = Map.groupBy(facts, ({ stream }) => stream)
  return shuffled(facts, keys).flatMap(({ stream }) => queues.get(stream)?.shift() ?? [])
}

describe('the fold of a token', () => {
  test('does not depend on the order between Kafka topics', () => {
    fc.assert(
      fc.property(delayed, ([facts, keys]) => {
        expect(foldAll(interleaved(facts, keys))).toEqual(foldAll(facts))
      }),
    )
  })

  test('of consent and calls does not even depend on the order within a Kafka topic', () => {
    const ofCalls = ([facts, keys]: [readonly Fact[], readonly number[]]) => {
      const unordered = facts.filter(({ stream }) => stream !== 'correction')
      expect(foldAll(shuffled(unordered, keys))).toEqual(foldAll(unordered))
    }
    fc.assert(fc.property(delayed, ofCalls))
  })

  test('is not changed by a late repeat of any fact, not even as an object', () => {
    fc.assert(
      fc.property(log, fc.nat(), (facts, pick) => {
        const state = foldAll(facts)
        const repeated = facts[pick % Math.max(1, facts.length)]
        if (repeated) expect(evolve(state, repeated)).toBe(state)
      }),
    )
  })

  test('of a prefix and then everything again equals the fold of everything', () => {
    fc.assert(
      fc.property(log, fc.nat(), (facts, cut) => {
        const prefix = facts.slice(0, cut % (facts.length + 1))
        expect(foldAll([...prefix, ...facts])).toEqual(foldAll(facts))
      }),
    )
  })

  test('never forgets a message that went out [S0-20, S1-25]', () => {
    fc.assert(
      fc.property(log, optIns, (facts, event) => {
        const token = foldAll([...facts, { stream: 'consent', event }])
        const out = facts.some(
          (known) =>
            known.stream !== 'consent' &&
            known.stream !== 'correction' &&
            known.event.type.endsWith('Sent') &&
            known.event.attempt > 0 &&
            known.event.route === 'TOKEN',
        )
        expect(tokenView(token)?.state === 'redeemed').toBe(out)
      }),
    )
  })

  test('shows nothing of a token whose consent is not known', () => {
    fc.assert(
      fc.property(log, (facts) => {
        const token = foldAll(facts)
        const isKnown = facts.some(({ stream }) => stream === 'consent')
        expect(tokenView(token) !== null).toBe(isKnown)
        expect(historyOf(token) !== null).toBe(isKnown)
      }),
    )
  })
})
