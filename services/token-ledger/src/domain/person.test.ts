import type { EngagementEvent, OptInReceived } from '@otn/contracts'
import { DAY_MS, eventId, HOUR_MS, pageId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { engagements, optIns, page, person } from '../../test/arbitrary-events.ts'
import {
  foldEngagement,
  foldTap,
  type PersonDocument,
  threadOwnedSince,
  threadOwner,
  unknownPerson,
  windowOpenUntil,
} from './person.ts'
import { personKey } from './person-key.ts'

const sealed = { keyId: 'k1', sealed: Buffer.from('x') }
const who = { pageId: page, person, ...sealed }
const strict = { tapOpensWindow: false }

function act(kind: string, occurredAt: number, at = occurredAt): EngagementEvent {
  const type = 'PersonEngaged' as const
  return { ...who, type, kind, occurredAt, at, eventId: eventId(`${kind}/${occurredAt}`) }
}

function control(newOwnerAppId: string | null, occurredAt: number, id = ''): EngagementEvent {
  const type = 'ThreadControlChanged' as const
  const fact = { type, newOwnerAppId, occurredAt, at: occurredAt }
  return { ...who, ...fact, eventId: eventId(`${newOwnerAppId}/${occurredAt}/${id}`) }
}

describe('the 24-hour window', () => {
  test.each(['message', 'postback', 'quick-reply', 'reaction'])(
    'opens by a %s for 24 hours [S1-14, S1-21]',
    (kind) => {
      const engaged = foldEngagement(unknownPerson, act(kind, HOUR_MS))
      expect(windowOpenUntil(engaged, strict)).toBe(HOUR_MS + DAY_MS)
    },
  )

  test('does not open by an act of a kind we do not know', () => {
    expect(foldEngagement(unknownPerson, act('poke', HOUR_MS))).toBe(unknownPerson)
  })

  test('opens by the tap on Notify Me only where the setting says so [S1-21]', () => {
    const tapped = foldTap(unknownPerson, { grantedAt: HOUR_MS })
    expect(windowOpenUntil(tapped, strict)).toBeNull()
    expect(windowOpenUntil(tapped, { tapOpensWindow: true })).toBe(HOUR_MS + DAY_MS)
  })

  test('is not held open by a webhook whose clock runs ahead of its receipt', () => {
    const ahead = foldEngagement(unknownPerson, act('message', 99 * DAY_MS, HOUR_MS))
    expect(windowOpenUntil(ahead, strict)).toBe(HOUR_MS + DAY_MS)
  })

  test('ends after the latest act, in whichever order they are folded', () => {
    const acts = [act('message', 5), act('reaction', 3), act('postback', 4)]
    expect(windowOpenUntil(acts.reduce(foldEngagement, unknownPerson), strict)).toBe(5 + DAY_MS)
  })
})

describe('the window of a person who tapped', () => {
  const tapOpens = { tapOpensWindow: true }
  const taps = (...instants: readonly number[]) =>
    instants.reduce((known, grantedAt) => foldTap(known, { grantedAt }), unknownPerson)

  test('counts from the latest tap, in whichever order they are folded', () => {
    for (const known of [taps(3, 7, 5), taps(7, 5, 3), taps(3, 5, 7)]) {
      expect(windowOpenUntil(known, tapOpens)).toBe(7 + DAY_MS)
    }
  })

  test('counts from the act or the tap, whichever was later', () => {
    const both = (tap: number) => foldEngagement(taps(tap), act('message', 5))
    expect(windowOpenUntil(both(9), tapOpens)).toBe(9 + DAY_MS)
    expect(windowOpenUntil(both(2), tapOpens)).toBe(5 + DAY_MS)
    expect(windowOpenUntil(both(9), strict)).toBe(5 + DAY_MS)
  })

  test('is none where there was neither, and where only the other one is known', () => {
    expect(windowOpenUntil(unknownPerson, tapOpens)).toBeNull()
    const engaged = foldEngagement(unknownPerson, act('message', 5))
    expect(windowOpenUntil(engaged, tapOpens)).toBe(5 + DAY_MS)
  })
})

describe('the owner of the thread', () => {
  test('is nobody before anything was said of it', () => {
    expect(threadOwner(unknownPerson)).toBeNull()
    expect(threadOwner(foldEngagement(unknownPerson, act('message', 5)))).toBeNull()
  })

  test('is who took it last, and nobody after it was given up [S1-08]', () => {
    const events = [control('app-1', 1), control(null, 3), control('app-2', 2)]
    expect(threadOwner(events.reduce(foldEngagement, unknownPerson))).toBeNull()
    expect(
      threadOwner([...events, control('app-2', 4)].reduce(foldEngagement, unknownPerson)),
    ).toBe('app-2')
  })

  test('has it since it was given it; of nobody there is no since [S1-08]', () => {
    const passed = [control('app-1', 1), control('app-2', 7)].reduce(foldEngagement, unknownPerson)
    expect(threadOwnedSince(passed)).toBe(7)
    expect(threadOwnedSince(foldEngagement(passed, control(null, 9)))).toBeNull()
    expect(threadOwnedSince(unknownPerson)).toBeNull()
  })

  test('follows the log where a clock stands still, and a repeat does not take it back', () => {
    const [first, second] = [control('app-1', 1), control('app-2', 1)]
    const owned = [first, second].reduce(foldEngagement, unknownPerson)
    expect(threadOwner(owned)).toBe('app-2')
    expect(foldEngagement(owned, first)).toBe(owned)
  })
})

test('a person is kept under their page: people of two pages are strangers to each other', () => {
  const [one, other] = [pageId('1000'), pageId('1001')]
  expect(personKey({ pageId: one, person })).toBe(`1000/${person}`)
  expect(personKey({ pageId: other, person })).not.toBe(personKey({ pageId: one, person }))
})

describe('the fold of a person', () => {
  const evolve = (state: PersonDocument, event: EngagementEvent | OptInReceived) =>
    event.type === 'OptInReceived' ? foldTap(state, event) : foldEngagement(state, event)
  const log = fc.array(fc.oneof(engagements, optIns), { maxLength: 20 })

  test('is not changed by a late repeat of any fact', () => {
    fc.assert(
      fc.property(log, fc.nat(), (events, pick) => {
        const state = events.reduce(evolve, unknownPerson)
        const repeated = events[pick % Math.max(1, events.length)]
        if (repeated) expect(evolve(state, repeated)).toBe(state)
      }),
    )
  })

  test('does not depend on the order between Kafka topics', () => {
    fc.assert(
      fc.property(log, (events) => {
        const [taps, acts] = [
          events.filter(({ type }) => type === 'OptInReceived'),
          events.filter(({ type }) => type !== 'OptInReceived'),
        ]
        const state = events.reduce(evolve, unknownPerson)
        expect([...taps, ...acts].reduce(evolve, unknownPerson)).toEqual(state)
        expect([...acts, ...taps].reduce(evolve, unknownPerson)).toEqual(state)
      }),
    )
  })
})
