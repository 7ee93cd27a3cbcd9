import { eventId, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity } from '../../test/identity.ts'
import {
  type CapabilityChange,
  decideCapability,
  MESSAGING,
  ONE_TIME_NOTIFICATION,
} from './capability.ts'
import { foldPageEvent, type PageDocument, standingOf, unknownPage } from './page.ts'

const PAGE = pageId('1000')
const NOW = 1_800_000_000_000

const change = (
  state: CapabilityChange['state'],
  more: Partial<CapabilityChange> = {},
): CapabilityChange => ({
  ...{ pageId: PAGE, capability: ONE_TIME_NOTIFICATION, state },
  ...{ occurredAt: null, detail: null, requestedBy: 'test' },
  ...more,
})

const connected = foldPageEvent(unknownPage, {
  ...{ type: 'PageConnected', eventId: eventId('c'), pageId: PAGE, at: NOW - 1, name: 'P' },
  ...{ appId: '1', keyId: 'k', sealed: Buffer.from('') },
})

/** The page after these changes; a refused one throws. */
function told(page: PageDocument, changes: readonly CapabilityChange[]): PageDocument {
  return changes.reduce((before, one, at) => {
    const around = { known: before.capabilities, identity, nowMs: NOW + at }
    const decision = decideCapability(one, around)
    if (decision.kind === 'refused') throw new Error(decision.sentence)
    return decision.kind === 'publish' ? foldPageEvent(before, decision.event) : before
  }, page)
}

const decide = (page: PageDocument, one: CapabilityChange) =>
  decideCapability(one, { known: page.capabilities, identity, nowMs: NOW + 9 })

describe('the permission of a page', () => {
  test('[S0-07, S1-15] is not granted before the terms are accepted', () => {
    const requested = told(connected, [change('requested')])
    const refused = decide(requested, change('granted'))
    expect(refused).toMatchObject({ kind: 'refused', sentence: expect.stringMatching(/terms/) })
    const accepted = told(requested, [change('terms-accepted', { occurredAt: NOW - 5 })])
    expect(decide(accepted, change('granted')).kind).toBe('publish')
  })

  test('[S0-07] keeps acceptance and grant as two facts, each with its date', () => {
    const granted = told(connected, [
      change('terms-accepted', { occurredAt: NOW - 500 }),
      change('granted', { occurredAt: NOW - 100 }),
    ])
    const said = granted.capabilities.map(({ name, entries }) => [name, entries[0]?.occurredAt])
    expect(said).toEqual([
      [ONE_TIME_NOTIFICATION, NOW - 100],
      [`${ONE_TIME_NOTIFICATION}-terms`, NOW - 500],
    ])
  })

  test.each(['denied', 'revoked'] as const)('[S0-07] that was %s keeps the reason', (state) => {
    expect(decide(connected, change(state)).kind).toBe('refused')
    const page = told(connected, [change(state, { detail: 'Page is too young' })])
    expect(page.capabilities[0]?.entries.at(-1)).toMatchObject({
      ...{ state, detail: 'Page is too young' },
    })
    expect(standingOf(page)).toBe('capability-missing')
  })

  test('[S0-06] may be asked for again after a denial, and sends once it is granted', () => {
    const denied = told(connected, [change('denied', { detail: 'no' })])
    const steps = [change('requested'), change('terms-accepted'), change('granted')]
    expect(standingOf(told(denied, steps))).toBe('active')
  })

  test('said twice is one fact, and said again after another is a new one', () => {
    const once = told(connected, [change('requested')])
    expect(decide(once, change('requested')).kind).toBe('unchanged')
    const both = told(once, [change('denied', { detail: 'no' }), change('requested')])
    const entries = both.capabilities[0]?.entries ?? []
    expect(entries.map(({ state }) => state)).toEqual(['requested', 'denied', 'requested'])
    expect(new Set(entries.map((entry) => entry.eventId)).size).toBe(3)
  })

  test('of an app needs no terms', () => {
    expect(decide(connected, change('granted', { capability: MESSAGING })).kind).toBe('publish')
    const refused = decide(connected, change('terms-accepted', { capability: MESSAGING }))
    expect(refused.kind).toBe('refused')
  })
})
