import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { actEvent } from './act-event.ts'
import { webhookJson } from './escaped-json.ts'
import type { PersonAct } from './person-act.ts'
import { namedDraw } from './random.ts'
import { fairWeather, fateOf, type WebhookWeather } from './webhook-weather.ts'

const AT_MS = 1_458_692_752_478
const PSID = '24683216437964837'
const told = (act: PersonAct) =>
  actEvent({ type: 'PersonActed', pageId: '1000', psid: PSID, act, opensWindow: true, atMs: AT_MS })
const spoken = told({ kind: 'message', mid: 'm', text: 'Hi' })
const pressed = told({ kind: 'postback', mid: 'm', title: 'Go', payload: 'p' })
const came = told({ kind: 'referral', referral: { ref: 'r' } })

function shaped(weather: Partial<WebhookWeather>, event = spoken) {
  return fateOf(event, { ...fairWeather, ...weather }, (name) => namedDraw('s', name)).event
}

describe('bad weather', () => {
  test('gives referrals a time in seconds, and nothing else', () => {
    expect(shaped({ secondsShare: 1 }, came).item.timestamp).toBe(1_458_692_752)
    expect(shaped({ secondsShare: 1 }).item.timestamp).toBe(AT_MS)
  })

  test('writes ids as numbers with every digit, though no double holds them', () => {
    const text = webhookJson(shaped({ numericIdShare: 1 }).item)
    expect(text).toContain(`"sender":{"id":${PSID}},"recipient":{"id":1000}`)
  })

  test('takes the sender away, adds members, names another page', () => {
    expect(shaped({ missingSenderShare: 1 }).item).not.toHaveProperty('sender')
    expect(shaped({ unknownMemberShare: 1 }).item).toHaveProperty('unannounced')
    expect(shaped({ foreignRecipientShare: 1 }).item.recipient).not.toEqual({ id: '1000' })
  })

  test('spells a policy event with a hyphen', () => {
    const item = { recipient: { id: '1000' }, policy_enforcement: { action: 'unblock' } }
    const event = { pageId: '1000', field: 'messaging_policy_enforcement', item } as const
    const { item: spelt } = shaped({ policyHyphenShare: 1 }, { ...event, array: 'messaging' })
    expect(spelt).toEqual({
      recipient: { id: '1000' },
      'policy-enforcement': { action: 'unblock' },
    })
  })

  test('puts into standby what is documented to come there, a postback without its payload', () => {
    const standby = { standbyShare: 1 }
    expect(shaped(standby).array).toBe('standby')
    expect(shaped(standby, pressed)).toMatchObject({
      array: 'standby',
      item: { postback: { mid: 'm', title: 'Go' } },
    })
    expect(shaped(standby, pressed).item.postback).not.toHaveProperty('payload')
    const optedIn = told({ kind: 'plugin-opt-in', ref: 'r' })
    expect(shaped(standby, optedIn).array).toBe('messaging')
    expect(shaped({ ...standby, standbyOptIns: true }, optedIn).array).toBe('standby')
  })

  test('brings an event up to 20 times more, each late by its own', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (seed, duplicatesMax) => {
        const weather = { duplicateShare: 1, duplicatesMax, lateShare: 1, lateMs: 500 }
        const storm = { ...fairWeather, ...weather }
        const fate = () => fateOf(spoken, storm, (name) => namedDraw(seed, name))
        const { waitsMs } = fate()
        expect(waitsMs.length).toBeGreaterThanOrEqual(2)
        expect(waitsMs.length).toBeLessThanOrEqual(duplicatesMax + 1)
        expect(waitsMs.every((ms) => ms >= 1 && ms <= 500)).toBe(true)
        expect(fate()).toEqual(fate())
      }),
    )
  })
})

test('fair weather changes nothing', () => {
  expect(fateOf(spoken, fairWeather, () => 0)).toEqual({ event: spoken, waitsMs: [0] })
})

test('a share strikes about that share of the events', () => {
  const weather = { ...fairWeather, missingSenderShare: 0.25 }
  const struck = Array.from({ length: 2_000 }, (_, n) =>
    fateOf(spoken, weather, (name) => namedDraw('share', `${n} ${name}`)),
  ).filter(({ event }) => event.item.sender === undefined)
  expect(struck.length / 2_000).toBeCloseTo(0.25, 1)
})
