import { DAY_MS, HOUR_MS, MINUTE_MS, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity } from '../../test/identity.ts'
import { alarmEvents } from './alarm-events.ts'
import type { Seen } from './seen.ts'
import { decideLeaving, decideWatch } from './watch.ts'
import { neverWatched, seenWell, type WatchState } from './watch-state.ts'

const NOW = 1_800_000_000_000
const GIVE_UP_MS = HOUR_MS + 15 * MINUTE_MS
const FIELDS = ['messaging_optins', 'messages']
const URL = 'https://here/webhook'
const expected = {
  ...{ callbackUrl: URL, fields: FIELDS },
  ...{ connectedAt: NOW - DAY_MS, connectionId: 'c1' },
}
const well: Seen = {
  ...{ fromMs: NOW, atMs: NOW },
  isAppRead: true,
  subscription: { callbackUrl: URL, isActive: true, fields: FIELDS },
  isPageRead: true,
  pageFields: FIELDS,
  otherApps: [],
  token: { isValid: true, expiresAt: null },
  fault: null,
}

/** Looks one after the other; the decisions, and where they end. */
function looks(...seen: readonly Partial<Seen>[]) {
  let state: WatchState = neverWatched
  const decisions = seen.map((one) => {
    const decision = decideWatch(state, { ...well, fromMs: one.atMs ?? NOW, ...one }, expected)
    state = decision.state
    return decision
  })
  return { decisions, state }
}

const names = (alarms: readonly { readonly alarm: string }[]) => alarms.map(({ alarm }) => alarm)

describe('the watch of a page', () => {
  test('says nothing while all is as it should be', () => {
    const { decisions, state } = looks({}, { atMs: NOW + 5 })
    expect(decisions.flatMap(({ raised, cleared }) => [...raised, ...cleared])).toEqual([])
    expect(state.lastGoodAt).toBe(NOW + 5)
  })

  test('[S1-43] raises an alarm once, mends, clears it, and reports the gap', () => {
    const gone = { pageFields: null }
    const { decisions, state } = looks(
      {},
      { ...gone, atMs: NOW + 10 },
      { ...gone, atMs: NOW + 20 },
      {
        atMs: NOW + 30,
      },
    )
    expect(decisions.map(({ raised }) => names(raised))).toEqual([[], ['page-unfollowed'], [], []])
    expect(decisions.map(({ mend }) => mend.page)).toEqual([false, true, true, false])
    expect(decisions.map(({ cleared }) => names(cleared))).toEqual([
      ...[[], [], []],
      ['page-unfollowed'],
    ])
    expect(decisions.map(({ gap }) => gap)).toEqual([
      ...[null, null, null],
      { since: NOW, from: NOW - GIVE_UP_MS, until: NOW + 30 },
    ])
    expect(state.gaps).toEqual([{ startedAt: NOW - GIVE_UP_MS, endedAt: NOW + 30 }])
  })

  test('[S1-22] counts a page that lacks the opt-in field as not followed', () => {
    const { decisions } = looks({}, { pageFields: ['messages'] })
    expect(decisions[1]?.mend).toEqual({ app: true, page: true })
    expect(decisions[1]?.raised[0]?.detail).toContain('messaging_optins')
  })

  test('[S1-43] follows no page by itself that it never saw followed', () => {
    const { decisions } = looks({ pageFields: null })
    expect(names(decisions[0]?.raised ?? [])).toEqual(['page-unfollowed'])
    expect(decisions[0]?.mend).toEqual({ app: false, page: false })
  })

  test('[S1-43] does not take a page back from an app that came in our place', () => {
    const gone = { pageFields: null, otherApps: ['4711'], atMs: NOW + 1 }
    const taken = looks({}, gone).decisions[1]
    expect(taken?.mend).toEqual({ app: false, page: false })
    expect(taken?.raised[0]?.detail).toContain('4711')
    const beside = looks({ otherApps: ['4711'] }, gone).decisions[1]
    expect(beside?.mend.page).toBe(true)
    const lacking = looks({}, { ...gone, pageFields: ['messages'] }).decisions[1]
    expect(lacking?.mend.page).toBe(true)
  })

  test('[S1-43] counts what was pending when the platform gave up as missing', () => {
    const gapAfter = (goodAt: number, connectedAt: number) => {
      const at = { connectedAt, connectionId: 'c1', callbackUrl: URL, fields: FIELDS }
      const good = decideWatch(neverWatched, { ...well, fromMs: goodAt, atMs: goodAt + 9 }, at)
      const lost = decideWatch(good.state, { ...well, pageFields: null }, at)
      return decideWatch(lost.state, { ...well, fromMs: NOW + 5, atMs: NOW + 8 }, at).gap
    }
    const until = NOW + 8
    const late = { since: NOW - 50, from: NOW - 50 - GIVE_UP_MS, until }
    expect(gapAfter(NOW - 50, NOW - DAY_MS)).toEqual(late)
    expect(gapAfter(NOW - 50, NOW - 90)).toEqual({ since: NOW - 50, from: NOW - 90, until })
    expect(gapAfter(NOW - 50, NOW - 1)).toEqual({ since: NOW - 50, from: NOW - 50, until })
  })

  test('[S1-43] subscribes the app again, but never takes it from another address', () => {
    const ended = { ...well.subscription, isActive: false, callbackUrl: URL, fields: FIELDS }
    expect(looks({ subscription: ended }).decisions[0]?.mend.app).toBe(true)
    expect(looks({ subscription: null }).decisions[0]?.mend.app).toBe(true)
    const [elsewhere] = looks({
      subscription: { ...ended, isActive: true, callbackUrl: 'https://there/webhook' },
    }).decisions
    expect(elsewhere?.mend.app).toBe(false)
    expect(names(elsewhere?.raised ?? [])).toEqual(['callback-elsewhere'])
  })

  test('takes silence of the platform for neither good nor bad', () => {
    const silent = { isAppRead: false, isPageRead: false, token: null, subscription: null }
    const unread = { ...silent, pageFields: null, fault: 'away' }
    const { decisions, state } = looks({}, { pageFields: null, atMs: NOW + 1 }, unread)
    expect(decisions[2]).toMatchObject({ raised: [], cleared: [], gap: null })
    expect(names(state.alarms)).toEqual(['page-unfollowed'])
    expect(state.lastGoodAt).toBe(NOW)
  })

  test('[S1-36] warns of the end of a page token 30, 7 and 1 days before, once each', () => {
    const end = NOW + 40 * DAY_MS
    const token = { isValid: true, expiresAt: end }
    const days = [40, 29, 28, 6, 0.5]
    const { decisions } = looks(...days.map((day) => ({ token, atMs: end - day * DAY_MS })))
    const raised = decisions.map((one) => one.raised.map(({ severity }) => severity))
    expect(raised).toEqual([[], ['warning'], [], ['warning'], ['critical']])
    const renewed = looks({ token, atMs: end - DAY_MS }, { atMs: end - DAY_MS + 1 })
    expect(names(renewed.decisions[1]?.cleared ?? [])).toEqual(['page-token-expires'])
  })

  test('names a page token that the platform refuses', () => {
    const { decisions } = looks({ token: { isValid: false, expiresAt: null } })
    expect(names(decisions[0]?.raised ?? [])).toEqual(['page-token-refused'])
  })

  test('[S1-43] loses nothing of a gap to a new token in between', () => {
    const wished = { ...expected, connectedAt: NOW - 2 * GIVE_UP_MS }
    const good = decideWatch(neverWatched, well, wished)
    const gone = { ...well, atMs: NOW + 5, pageFields: null }
    const lost = decideWatch(good.state, gone, { ...wished, connectedAt: NOW + 4 })
    const back = { ...well, fromMs: NOW + 9, atMs: NOW + 9 }
    const { gap } = decideWatch(lost.state, back, { ...wished, connectedAt: NOW + 8 })
    expect(gap).toEqual({ since: NOW, from: NOW - GIVE_UP_MS, until: NOW + 9 })
  })

  test('[S1-43] that is left while broken ends its alarms and tells its gap', () => {
    const { state } = looks({}, { pageFields: null, atMs: NOW + 1 })
    const left = decideLeaving(state, { connectedAt: expected.connectedAt, nowMs: NOW + 7 })
    expect(names(left.cleared)).toEqual(['page-unfollowed'])
    expect(left.gap).toEqual({ since: NOW, from: NOW - GIVE_UP_MS, until: NOW + 7 })
    expect(left.state).toMatchObject({ alarms: [], lastGoodAt: null, cleared: 1 })
    expect(left.state.gaps).toHaveLength(1)
    const whole = looks({}).state
    expect(decideLeaving(whole, { connectedAt: NOW, nowMs: NOW + 7 }).gap).toBeNull()
  })

  test('[S1-43] says that it is blind, once nobody told it for a quarter of an hour', () => {
    const unread = { isAppRead: false, isPageRead: false, subscription: null, pageFields: null }
    const blind = { ...unread, token: null, fault: 'The platform was not reached' }
    const minutes = [0, 5, 16, 20]
    const { decisions } = looks(
      ...minutes.map((minute) => ({ ...blind, atMs: NOW + minute * MINUTE_MS })),
      { atMs: NOW + 21 * MINUTE_MS },
    )
    expect(decisions.map(({ raised }) => names(raised))).toEqual([
      ...[[], [], ['watch-blind'], [], []],
    ])
    expect(decisions[2]?.raised[0]?.detail).toContain('The platform was not reached')
    expect(names(decisions[4]?.cleared ?? [])).toEqual(['watch-blind'])
    // A jump of the clock between two good looks is no blindness.
    expect(looks({}, { ...blind, atMs: NOW + DAY_MS }).state.alarms).toEqual([])
  })

  test('begins well after a connection, and lets a gap that stands be told first', () => {
    expect(seenWell(neverWatched, NOW).lastGoodAt).toBe(NOW)
    const broken = looks({}, { pageFields: null, atMs: NOW + 1 }).state
    expect(seenWell(broken, NOW + 2).lastGoodAt).toBe(NOW)
  })
})

describe('alarms on the log', () => {
  const about = { pageId: pageId('1000'), identity, nowMs: NOW }

  test('have the same id however often they are told, and a clearing names its alarm', () => {
    const { decisions } = looks({}, { pageFields: null, atMs: NOW + 1 }, { atMs: NOW + 2 })
    const told = decisions.flatMap((decision) => alarmEvents(decision, about))
    const again = decisions.flatMap((decision) => alarmEvents(decision, { ...about, nowMs: 1 }))
    expect(again.map(({ eventId }) => eventId)).toEqual(told.map(({ eventId }) => eventId))
    const [raised, cleared, gap] = told
    expect(told.map(({ type }) => type)).toEqual(['AlarmRaised', 'AlarmCleared', 'GapReported'])
    expect(cleared?.causationId).toBe(raised?.eventId)
    expect(gap?.detail).toContain(new Date(NOW - GIVE_UP_MS).toISOString())
  })

  test.each([
    ['a page token', { token: { isValid: false, expiresAt: null } }, {}],
    ['a page', { pageFields: null }, { subscription: null }],
  ])('have ids of their own where %s fails, recovers and fails again', (_what, broken, rest) => {
    const at = (ms: number, seen: Partial<Seen>) => ({ ...seen, atMs: NOW + ms })
    const { decisions } = looks(
      ...[at(0, { ...rest, ...broken }), at(1, rest), at(2, { ...rest, ...broken }), at(3, rest)],
    )
    const told = decisions.flatMap((decision) => alarmEvents(decision, about))
    expect(told.map(({ type }) => type).filter((type) => type === 'AlarmCleared')).toHaveLength(2)
    expect(new Set(told.map(({ eventId }) => eventId)).size).toBe(told.length)
  })
})
