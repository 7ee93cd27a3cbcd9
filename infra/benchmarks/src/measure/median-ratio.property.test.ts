import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { medianRatio } from './median-ratio.ts'
import { generator } from './random.ts'

const figure = fc.double({ min: 0.1, max: 1_000, noNaN: true })
const rounds = fc.array(fc.record({ subject: figure, baseline: figure }), {
  minLength: 1,
  maxLength: 20,
})

describe('the ratio of rounds', () => {
  test('of a thing to itself is one', () => {
    fc.assert(
      fc.property(fc.array(figure, { minLength: 1, maxLength: 20 }), (figures) => {
        const same = figures.map((value) => ({ subject: value, baseline: value }))
        expect(medianRatio(same)).toEqual({ median: 1, low: 1, high: 1 })
      }),
      { numRuns: 20 },
    )
  })

  test('lies within its interval, and turned round is its reciprocal', () => {
    fc.assert(
      fc.property(rounds, (measured) => {
        const { median, low, high } = medianRatio(measured)
        expect(low).toBeLessThanOrEqual(median * 1.000_001)
        expect(high).toBeGreaterThanOrEqual(median * 0.999_999)
        const turned = measured.map(({ subject, baseline }) => ({
          subject: baseline,
          baseline: subject,
        }))
        expect(medianRatio(turned).median).toBeCloseTo(1 / median, 6)
      }),
      { numRuns: 20 },
    )
  })

  test('of an even number of rounds is the middle of the two in the middle', () => {
    const measured = [1, 2, 8, 100].map((subject) => ({ subject, baseline: 1 }))
    expect(medianRatio(measured).median).toBeCloseTo(4, 10)
  })

  test('needs a round', () => {
    expect(() => medianRatio([])).toThrow(RangeError)
  })
})

test('the interval of fifteen noisy rounds holds the truth nineteen times in twenty, or nearly', () => {
  const draw = generator(20_260_101)
  const noise = () => Math.exp(0.2 * (draw() + draw() + draw() - 1.5))
  const trials = Array.from({ length: 80 }, () => {
    const measured = Array.from({ length: 15 }, () => ({
      subject: 1.3 * noise(),
      baseline: noise(),
    }))
    const { low, high } = medianRatio(measured)
    return low <= 1.3 && 1.3 <= high
  })
  expect(trials.filter((holds) => holds).length).toBeGreaterThan(0.88 * trials.length)
})
