/** Our alarm is out before the platform's, once, and is taken back when 200s are back. */
import { MINUTE_MS, SECOND_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { type AlarmChange, decideAlarms, type WebhookAlarm } from './webhook-alarms.ts'
import type { Cause } from './webhook-answer.ts'
import { createWebhookHealth } from './webhook-health.ts'

const T0 = 1_800_000_000_000
const LIMITS = {
  failingAfterMs: 3 * MINUTE_MS,
  failingGravelyAfterMs: 10 * MINUTE_MS,
  slowPercent: 5,
}

/** Answers at their times, and what is told each second meanwhile. */
function watched(
  untilMs: number,
  causeAt: (ms: number) => Cause | null | 'none',
  { durationMs = 5, isSigned = false } = {},
) {
  const health = createWebhookHealth({ windowMinutes: 15, errorsPerCauseMax: 5 })
  const told: string[] = []
  let standing: readonly WebhookAlarm[] = []
  for (let ms = 0; ms <= untilMs; ms += SECOND_MS) {
    const nowMs = T0 + ms
    const cause = causeAt(ms)
    if (cause !== 'none') {
      health.note({ atMs: nowMs, durationMs, cause, isSigned, pages: [], bodySha256: null })
    }
    const change: AlarmChange = decideAlarms(standing, {
      ...{ seen: { ...health.report(nowMs), spool: null }, nowMs, limits: LIMITS },
    })
    const line = (what: string) => (one: WebhookAlarm) =>
      `${ms / MINUTE_MS} ${what} ${one.alarm} ${one.severity}`
    told.push(...change.raised.map(line('raised')), ...change.cleared.map(line('cleared')))
    standing = change.standing
  }
  return { told, standing }
}

describe('webhook-failing', () => {
  test('is raised at 3 and graver at 10 minutes, and cleared by the first 200 [S1-47]', () => {
    const { told } = watched(20 * MINUTE_MS, (ms) =>
      ms < 12 * MINUTE_MS ? 'log-unavailable' : null,
    )
    expect(told).toEqual([
      '3 raised webhook-failing warning',
      '10 raised webhook-failing critical',
      '12 cleared webhook-failing warning',
      '12 cleared webhook-failing critical',
    ])
  })

  test('comes before 15 minutes with repeats as rare as every five minutes [S1-47]', () => {
    const { told } = watched(14 * MINUTE_MS, (ms) =>
      ms % (5 * MINUTE_MS) === 0 ? 'log-unavailable' : 'none',
    )
    expect(told).toEqual(['5 raised webhook-failing warning', '10 raised webhook-failing critical'])
  })

  test('is another one where it begins anew', () => {
    const { told, standing } = watched(9 * MINUTE_MS, (ms) =>
      ms === 4 * MINUTE_MS ? null : 'fault',
    )
    expect(told).toHaveLength(3)
    expect(standing.map(({ sinceMs }) => sinceMs)).toEqual([T0 + 4 * MINUTE_MS + SECOND_MS])
  })

  test.each(['signature', 'too-large', 'too-slow'] as const)(
    'is never raised by %s, which anybody can send',
    (cause) => {
      expect(watched(30 * MINUTE_MS, () => cause).told).toEqual([])
    },
  )

  test('is not raised by one refusal during a restart, nor while a 200 comes between', () => {
    expect(watched(30 * MINUTE_MS, (ms) => (ms === 0 ? 'log-unavailable' : 'none')).told).toEqual(
      [],
    )
    const mixed = (ms: number) => (ms % (2 * MINUTE_MS) === 0 ? null : 'log-unavailable')
    expect(watched(30 * MINUTE_MS, mixed).told).toEqual([])
  })
})

describe('webhook-slow', () => {
  test('is raised once where answers above 5 s exceed their share, and cleared later [S1-48]', () => {
    const forMinutes = (ms: number) => (ms < MINUTE_MS ? null : ('none' as const))
    const { told } = watched(20 * MINUTE_MS, forMinutes, { durationMs: 5_001 })
    expect(told).toEqual(['0.15 raised webhook-slow warning', '15 cleared webhook-slow warning'])
    expect(watched(MINUTE_MS, () => null, { durationMs: 5_000 }).told).toEqual([])
  })
})

describe('webhook-unverified', () => {
  const eachMinute = (cause: Cause) => (ms: number) =>
    ms % MINUTE_MS === 0 ? cause : ('none' as const)
  const signed = { isSigned: true }

  test('is raised where many signed ones are refused and none is verified, and cleared by a 200', () => {
    const untilTwelve = (ms: number) =>
      ms < 12 * MINUTE_MS ? eachMinute('signature')(ms) : ('none' as const)
    const mended = (ms: number) => (ms === 12 * MINUTE_MS ? null : untilTwelve(ms))
    expect(watched(20 * MINUTE_MS, mended, signed).told).toEqual([
      '9 raised webhook-unverified warning',
      '12 cleared webhook-unverified warning',
    ])
  })

  test('is raised by no scanner that signs nothing, and by no burst', () => {
    expect(watched(30 * MINUTE_MS, eachMinute('signature')).told).toEqual([])
    const burst = (ms: number) => (ms < MINUTE_MS ? ('signature' as const) : ('none' as const))
    expect(watched(30 * MINUTE_MS, burst, signed).told).toEqual([])
  })

  test('is not raised while honest ones come between', () => {
    const mixed = (ms: number) => (ms % (2 * MINUTE_MS) === 0 ? null : eachMinute('signature')(ms))
    expect(watched(60 * MINUTE_MS, mixed, signed).told).toEqual([])
  })
})

describe('the alarms of the spool', () => {
  const EMPTY = {
    bytesMax: 100,
    bytes: 0,
    segments: 0,
    oldestAtMs: null,
    isFull: false,
    damaged: 0,
  }
  const held = { ...EMPTY, bytes: 10, segments: 1, oldestAtMs: T0 - MINUTE_MS }

  function told(states: readonly (typeof held | typeof EMPTY)[]): readonly string[] {
    const health = createWebhookHealth({ windowMinutes: 15, errorsPerCauseMax: 5 })
    let standing: readonly WebhookAlarm[] = []
    return states.map((spool, index) => {
      const nowMs = T0 + index * SECOND_MS
      const seen = { ...health.report(nowMs), spool }
      const change = decideAlarms(standing, { seen, nowMs, limits: LIMITS })
      standing = change.standing
      const names = (list: readonly WebhookAlarm[]) => list.map(({ alarm }) => alarm).join()
      return `+${names(change.raised)} -${names(change.cleared)}`
    })
  }

  test('stand while it holds webhooks, once, whatever the oldest of them is', () => {
    const later = { ...held, oldestAtMs: T0 }
    expect(told([EMPTY, held, later, EMPTY, EMPTY])).toEqual([
      ...['+ -', '+spool-holding -', '+ -', '+ -spool-holding', '+ -'],
    ])
  })

  test('say that it is full, and that a file of it cannot be read, as long as that is so', () => {
    const full = { ...held, isFull: true }
    const damaged = { ...EMPTY, damaged: 1 }
    expect(told([full, held, damaged, damaged, EMPTY])).toEqual([
      '+spool-holding,spool-full -',
      '+ -spool-full',
      '+spool-damaged -spool-holding',
      '+ -',
      '+ -spool-damaged',
    ])
  })
})
