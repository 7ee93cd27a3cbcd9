/** The record of answers stays small and true, whatever is posted. */
import { DAY_MS, MINUTE_MS } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CAUSES, type WebhookAnswer } from './webhook-answer.ts'
import { createWebhookHealth, nextRun } from './webhook-health.ts'

const NOW = 1_800_000_000_000
const LIMITS = { windowMinutes: 15, errorsPerCauseMax: 3 }

const answers = fc.array(
  fc.record<WebhookAnswer>({
    atMs: fc.integer({ min: NOW, max: NOW + 30 * MINUTE_MS }),
    durationMs: fc.integer({ min: 0, max: 30_000 }),
    cause: fc.constantFrom(null, ...CAUSES),
    isSigned: fc.boolean(),
    pages: fc.constantFrom([], ['1000']),
    bodySha256: fc.constantFrom(null, ...'abcdefghij'),
  }),
  { maxLength: 200 },
)

function noted(all: readonly WebhookAnswer[]) {
  const health = createWebhookHealth(LIMITS)
  for (const answer of all) health.note(answer)
  return health
}

describe('the record of answers', () => {
  test('keeps no more rows than its bound, and none twice', () => {
    fc.assert(
      fc.property(answers, (all) => {
        const { recentErrors } = noted(all).report(NOW)
        const keys = recentErrors.map(({ cause, bodySha256 }) => `${cause} ${bodySha256}`)
        expect(new Set(keys).size).toBe(keys.length)
        for (const cause of CAUSES) {
          const ofCause = recentErrors.filter((row) => row.cause === cause)
          expect(ofCause.length).toBeLessThanOrEqual(LIMITS.errorsPerCauseMax)
        }
      }),
    )
  })

  test('counts what the window holds, as a walk over all answers counts it', () => {
    fc.assert(
      fc.property(answers, (unsorted) => {
        const all = unsorted.toSorted((a, b) => a.atMs - b.atMs)
        const now = Math.max(NOW, ...all.map(({ atMs }) => atMs))
        const minute = (ms: number) => Math.floor(ms / MINUTE_MS)
        const within = all.filter(({ atMs }) => minute(atMs) > minute(now) - 15)
        const ours = within.filter(
          ({ cause }) => cause === null || cause === 'fault' || cause === 'log-unavailable',
        )
        const { answers: count, accepted, latency, share200 } = noted(all).report(now)
        expect(count).toBe(within.length)
        expect(accepted).toBe(within.filter(({ cause }) => cause === null).length)
        expect(latency.over5s).toBe(ours.filter(({ durationMs }) => durationMs > 5_000).length)
        expect(latency.over20s).toBe(ours.filter(({ durationMs }) => durationMs > 20_000).length)
        expect(share200).toBe(ours.length === 0 ? null : accepted / ours.length)
      }),
    )
  })

  test('lets no stranger begin, lengthen or end a run without a 200', () => {
    fc.assert(
      fc.property(answers, (all) => {
        const strange = ['signature', 'too-large', 'too-slow']
        const ours = all.filter(({ cause }) => cause === null || !strange.includes(cause))
        expect(all.reduce(nextRun, null)).toEqual(ours.reduce(nextRun, null))
      }),
    )
  })

  test('forgets what left the window, and gives percentiles that no answer exceeds', () => {
    const answer = { cause: null, isSigned: true, pages: [], bodySha256: null } as const
    const health = noted([
      ...Array.from({ length: 98 }, () => ({ ...answer, atMs: NOW, durationMs: 7 })),
      { ...answer, atMs: NOW, durationMs: 40 },
      { ...answer, atMs: NOW, durationMs: 900 },
    ])
    expect(health.report(NOW).latency).toMatchObject({ p50: 10, p99: 50, max: 900 })
    const later = health.report(NOW + DAY_MS)
    expect(later).toMatchObject({ answers: 0, share200: null, latency: { p50: null, max: null } })
  })

  test('counts repeats of one body in one row with its first and last time [S1-50]', () => {
    const base = { durationMs: 5, isSigned: true, bodySha256: 'a' } as const
    const failed = { ...base, cause: 'log-unavailable' } as const
    const health = noted([
      { ...failed, atMs: NOW, pages: ['1000', '1001'] },
      { ...failed, atMs: NOW + 9, pages: [] },
      { ...failed, atMs: NOW + 5, pages: [], cause: 'signature' },
    ])
    const [first, second] = health.report(NOW).recentErrors
    expect(first).toEqual({
      ...{ cause: 'log-unavailable', bodySha256: 'a', pages: ['1000', '1001'] },
      ...{ firstAtMs: NOW, lastAtMs: NOW + 9, times: 2 },
    })
    expect(second).toMatchObject({ cause: 'signature', pages: null, times: 1 })
  })
})
