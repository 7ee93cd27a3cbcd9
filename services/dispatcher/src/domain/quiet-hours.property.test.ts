/** Quiet hours against what the runtime says a wall shows, on both sides of each setting. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type QuietHours, quietUntil } from './quiet-hours.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const ZONES = [
  'UTC',
  'Europe/Zurich',
  'America/New_York',
  'America/St_Johns',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  // Half an hour of summer time; the date line; summer time kept in winter.
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
] as const
const DATES = [
  // Leap days, and 2000 and 2100, of which one is a leap year.
  ...['2024-02-28', '2024-02-29', '2000-02-29', '2100-02-28', '2027-02-28', '2026-12-31'],
  // Nights on which clocks are set.
  ...['2026-03-28', '2026-10-24', '2026-03-07', '2026-10-31', '2026-04-04', '2026-10-03'],
  '2026-02-14',
] as const

const minute = fc.integer({ min: 0, max: 1439 })
const hours: fc.Arbitrary<QuietHours> = fc
  .record({ from: minute, to: minute, zone: fc.constantFrom(...ZONES) })
  .filter(({ from, to }) => from !== to)
const instant = fc
  .tuple(fc.constantFrom(...DATES), fc.integer({ min: 0, max: 72 * HOUR_MS }))
  .map(([date, ms]) => Date.parse(`${date}T00:00:00Z`) + ms)

/** The wall again, read another way than by the code under test. */
function shows({ from, to, zone }: QuietHours, at: number): boolean {
  const time = { hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...time }).formatToParts(at)
  const [hour, minutes] = ['hour', 'minute'].map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  )
  const now = (hour ?? 0) * 60 + (minutes ?? 0)
  return from < to ? from <= now && now < to : from <= now || now < to
}

describe('quiet hours', () => {
  test('hold where the wall shows them, to the millisecond, in every zone and leap year', () => {
    fc.assert(
      fc.property(hours, instant, (rule, at) => {
        const end = quietUntil(rule, at)
        expect(end !== null).toBe(shows(rule, at))
        if (end === null) return
        expect(end).toBeGreaterThan(at)
        expect([shows(rule, end - 1), shows(rule, end)]).toEqual([true, false])
        expect(quietUntil(rule, end)).toBeNull()
        expect(quietUntil(rule, end - 1)).toBe(end)
      }),
      { numRuns: 400 },
    )
  })

  test('are never left before their end: no instant between is loud', () => {
    fc.assert(
      fc.property(hours, instant, fc.double({ min: 0, max: 1, noNaN: true }), (rule, at, share) => {
        const end = quietUntil(rule, at)
        if (end === null) return
        const between = Math.floor(at + share * (end - 1 - at))
        expect(shows(rule, between)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  const night = { from: 22 * 60, to: 8 * 60, zone: 'Europe/Zurich' }
  const at = (text: string) => Date.parse(text)

  test.each([
    // Of a night in winter, in summer, over both settings, and over a leap day.
    ['2026-01-10T21:00:00+01:00', null],
    ['2026-01-10T21:59:59.999+01:00', null],
    ['2026-01-10T22:00:00+01:00', '2026-01-11T08:00:00+01:00'],
    ['2026-01-11T07:59:59.999+01:00', '2026-01-11T08:00:00+01:00'],
    ['2026-01-11T08:00:00+01:00', null],
    ['2026-07-10T23:00:00+02:00', '2026-07-11T08:00:00+02:00'],
    ['2026-03-28T23:00:00+01:00', '2026-03-29T08:00:00+02:00'],
    ['2026-10-24T23:00:00+02:00', '2026-10-25T08:00:00+01:00'],
    ['2028-02-28T23:00:00+01:00', '2028-02-29T08:00:00+01:00'],
    ['2028-02-29T23:00:00+01:00', '2028-03-01T08:00:00+01:00'],
  ])('of the night: at %s they end %s', (now, end) => {
    expect(quietUntil(night, at(now))).toBe(end === null ? null : at(end))
  })

  test('that end in an hour that there is not end where the clock is set forward', () => {
    const rule = { ...night, to: 2 * 60 + 30 }
    expect(quietUntil(rule, at('2026-03-29T01:30:00+01:00'))).toBe(at('2026-03-29T03:00:00+02:00'))
  })

  test('that end in an hour that there is twice end twice', () => {
    const rule = { ...night, to: 2 * 60 + 30 }
    const first = at('2026-10-25T02:30:00+02:00')
    expect(quietUntil(rule, at('2026-10-25T01:00:00+02:00'))).toBe(first)
    expect(quietUntil(rule, first)).toBeNull()
    expect(quietUntil(rule, at('2026-10-25T02:10:00+01:00'))).toBe(at('2026-10-25T02:30:00+01:00'))
  })
})
