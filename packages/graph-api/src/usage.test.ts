import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUsage } from './usage.ts'
import { waitMs } from './wait-ms.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

describe('usage headers', () => {
  test('tell percent by scope, names in any case, the worst of all entries', () => {
    const usage = readUsage({
      'X-App-Usage': ['{"call_count":28,"total_cputime":25,"total_time":31}'],
      'x-page-usage': ['{"call_count":3,"total_cputime":5,"total_time":4}'],
      'X-BUSINESS-USE-CASE-USAGE': [
        '{"1000":[{"type":"pages","call_count":7},{"type":"messenger","call_count":33,' +
          '"estimated_time_to_regain_access":5}],"1001":[{"total_time":97}]}',
        '{"1002":[{"call_volume":12,"estimated_time_to_regain_access":2}]}',
      ],
    })
    expect(usage).toEqual([
      { scope: 'app', percent: 31, regainMs: 0 },
      { scope: 'page', percent: 97, regainMs: 5 * MINUTE_MS },
    ])
  })

  test.each(['call_count', 'total_cputime', 'total_time', 'call_volume', 'cpu_time'])(
    'count each percentage that the platform tells: %s',
    (member) => {
      const usage = readUsage({ 'x-page-usage': [JSON.stringify({ [member]: 83 })] })
      expect(usage).toEqual([{ scope: 'page', percent: 83, regainMs: 0 }])
    },
  )

  test('that make no sense say nothing', () => {
    for (const text of ['', 'null', '[]', '7', '"text"', '{"call_count":99']) {
      expect(readUsage({ 'x-app-usage': [text] }), text).toEqual([])
    }
    const odd = [
      ...['{"call_count":"99"}', '{"call_count":1e999}', '{"call_count":-9}', '{"a":[null,7,[]]}'],
      ...['{"estimated_time_to_regain_access":-1}', '{"estimated_time_to_regain_access":1e999}'],
    ]
    for (const text of odd) {
      const nothing = { scope: 'app', percent: 0, regainMs: 0 }
      expect(readUsage({ 'x-app-usage': [text] }), text).toEqual([nothing])
    }
    expect(readUsage({ 'x-other': ['{"call_count":99}'] })).toEqual([])
  })

  test('of any text give numbers within bounds, and never throw', () => {
    const header = fc.oneof(fc.string(), fc.json())
    fc.assert(
      fc.property(fc.array(header), (values) => {
        for (const usage of readUsage({ 'x-business-use-case-usage': values })) {
          expect(usage.percent).toBeGreaterThanOrEqual(0)
          expect(usage.regainMs).toBeLessThanOrEqual(DAY_MS)
        }
      }),
    )
  })
})

describe('the rest of a throttled bucket', () => {
  const regain = [
    { scope: 'app', percent: 100, regainMs: 2 * MINUTE_MS },
    { scope: 'page', percent: 100, regainMs: 9 * MINUTE_MS },
  ] as const
  const wait = (headers: Record<string, string[]>, usage: typeof regain | readonly [] = []) =>
    waitMs({ headers, usage, scope: 'app' })

  test('is the longest that is told for its scope', () => {
    expect(wait({}, regain)).toBe(2 * MINUTE_MS)
    expect(wait({ 'retry-after': ['600'] }, regain)).toBe(10 * MINUTE_MS)
    expect(wait({ 'retry-after': ['3'] }, regain)).toBe(2 * MINUTE_MS)
    expect(wait({ 'retry-after': [' 7 '] })).toBe(7_000)
  })

  test("counts a date from the answer's own date", () => {
    const date = ['Fri, 21 Nov 2025 10:00:00 GMT']
    expect(wait({ date, 'retry-after': ['Fri, 21 Nov 2025 10:05:00 GMT'] })).toBe(5 * MINUTE_MS)
    expect(wait({ date, 'retry-after': ['Fri, 21 Nov 2025 09:55:00 GMT'] })).toBeNull()
    expect(wait({ 'retry-after': ['Fri, 21 Nov 2025 10:05:00 GMT'] })).toBeNull()
  })

  test.each([
    ['the obsolete one of C', 'Fri Nov 21 10:00:00 2025', 'Fri Nov 21 10:05:00 2025'],
    ['one without a weekday', '21 Nov 2025 10:00:00 GMT', '21 Nov 2025 10:05:00 GMT'],
  ])('counts a date in any form, for digits alone are seconds: %s', (_, date, until) => {
    expect(wait({ date: [date], 'retry-after': [until] })).toBe(5 * MINUTE_MS)
  })

  test('is left to the caller where nothing is told, and a day at most', () => {
    expect(wait({})).toBeNull()
    expect(wait({ 'retry-after': [], date: [] })).toBeNull()
    expect(wait({ 'retry-after': ['soon'] })).toBeNull()
    expect(wait({ 'retry-after': ['0'] })).toBeNull()
    expect(wait({ 'retry-after': ['999999999'] })).toBe(DAY_MS)
  })
})
