import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { controlOf, isVoid, judge, type Question } from './judge.ts'
import type { Round } from './sample.ts'

const figure = fc.double({ min: 1, max: 1_000, noNaN: true })
const CALM = { median: 1, low: 0.99, high: 1.01 }
const RUNS = { numRuns: 50 }

/** Rounds in which the subject costs so many times its one part. */
function roundsOf(parts: readonly number[], times: number): readonly Round[] {
  const sample = (cpuUs: number) => ({ cpuUs, wallUs: cpuUs })
  return parts.map((part) => ({
    subject: sample(part * times),
    whole: sample(part),
    half: sample(part / 2),
    'other half': sample(part / 2),
  }))
}

const cost: Question = {
  ...{ name: 'cost', metric: 'cpuUs', subject: 'subject', form: 'cost', aim: 1.25 },
  parts: ['whole'],
}

describe('a question', () => {
  test('is answered by the sum of the parts, round by round, whatever the machine does', () => {
    const times = fc.double({ min: 0.1, max: 10, noNaN: true })
    fc.assert(
      fc.property(fc.array(figure, { minLength: 1, maxLength: 20 }), times, (parts, factor) => {
        const rounds = roundsOf(parts, factor)
        const { ratio } = judge({ ...cost, parts: ['half', 'other half'] }, rounds, CALM)
        expect(ratio.median).toBeCloseTo(factor, 6)
        expect(ratio.high - ratio.low).toBeLessThan(1e-6 * factor)
      }),
      RUNS,
    )
  })

  test('about speed is the one about cost turned round', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure), { minLength: 1, maxLength: 20 }), (pairs) => {
        const rounds = pairs.map(([own, part]) => ({
          subject: { cpuUs: own, wallUs: own },
          whole: { cpuUs: part, wallUs: part },
        }))
        const asCost = judge({ ...cost, aim: 2 }, rounds, CALM)
        const asSpeed = judge({ ...cost, form: 'speed', aim: 0.5 }, rounds, CALM)
        expect(asSpeed.ratio.median).toBeCloseTo(1 / asCost.ratio.median, 6)
      }),
      RUNS,
    )
  })

  test('is decided by the whole interval, and open where the aim lies within', () => {
    const word = (times: number) => judge(cost, roundsOf([5, 6, 7], times), CALM).word
    expect([word(1.2), word(1.3)]).toEqual(['reached', 'missed'])
    const mixed = [...roundsOf([5, 6, 7], 1.2), ...roundsOf([5, 6, 7], 1.3)]
    expect(judge(cost, mixed, CALM).word).toBe('open')
    const speed = { ...cost, form: 'speed', aim: 0.75 } as const
    expect(judge(speed, roundsOf([5], 1.2), CALM).word).toBe('reached')
    expect(judge(speed, roundsOf([5], 1.4), CALM).word).toBe('missed')
    expect(judge({ ...cost, aim: null }, roundsOf([5], 9), CALM).word).toBe('told')
  })

  test('names its contenders, or is refused', () => {
    expect(() => judge({ ...cost, parts: ['nobody'] }, roundsOf([1], 1), CALM)).toThrow(RangeError)
  })
})

describe('the control', () => {
  test('wider than five per cent either way makes every answer void', () => {
    for (const control of [
      { median: 1, low: 0.94, high: 1.01 },
      { median: 1, low: 0.99, high: 1.06 },
      { median: 1.08, low: 1.07, high: 1.09 },
    ]) {
      expect(isVoid(control)).toBe(true)
      expect(judge(cost, roundsOf([1], 1), control).word).toBe('void')
    }
    expect(isVoid({ median: 1, low: 0.96, high: 1.05 })).toBe(false)
  })

  test('of equal figures is one', () => {
    const rounds = roundsOf([3, 4, 5], 1)
    const pair = { of: 'half', twin: 'other half' }
    expect(controlOf(rounds, pair, 'wallUs')).toEqual({ median: 1, low: 1, high: 1 })
  })
})
