import { describe, expect, test } from 'vitest'
import { gateWord } from './gate.ts'
import type { Answer } from './run.ts'

const exactly = (median: number) => ({ median, low: median, high: median })
const question = {
  ...{ name: 'it', subject: 'ours', parts: ['bare'], aim: null },
  ...({ metric: 'cpuUs', form: 'cost' } as const),
}
const speed = { ...question, form: 'speed' } as const
const calm = { low: 0.99, median: 1, high: 1.01 }
const restless = { low: 0.96, median: 1, high: 1.045 }

function answer(change: Partial<Answer>): Answer {
  return { question, ratio: exactly(2), control: calm, word: 'told', ...change }
}

describe('the gate', () => {
  test('closes where ours costs over a tenth more than recorded, or is so much slower', () => {
    expect(gateWord(answer({ ratio: exactly(2.3) }), 2)).toBe('worse')
    expect(gateWord(answer({ ratio: exactly(2.15) }), 2)).toBe('within')
    expect(gateWord(answer({ question: speed, ratio: exactly(0.6) }), 0.7)).toBe('worse')
    expect(gateWord(answer({ question: speed, ratio: exactly(0.66) }), 0.7)).toBe('within')
  })

  test('stays open where the control or the interval may be all there is to it', () => {
    expect(gateWord(answer({ ratio: exactly(2.25), control: restless }), 2)).toBe('within')
    const wide = { low: 2.1, median: 2.3, high: 2.5 }
    expect(gateWord(answer({ ratio: wide }), 2)).toBe('within')
    const slow = { low: 0.5, median: 0.6, high: 0.66 }
    expect(gateWord(answer({ question: speed, ratio: slow }), 0.7)).toBe('within')
  })

  test('says nothing of a void run, nor where nothing is recorded', () => {
    expect(gateWord(answer({ ratio: exactly(9), word: 'void' }), 2)).toBe('void')
    expect(gateWord(answer({ ratio: exactly(9) }))).toBe('unrecorded')
  })

  test('lets through what became better', () => {
    expect(gateWord(answer({ ratio: exactly(1) }), 2)).toBe('within')
    expect(gateWord(answer({ question: speed, ratio: exactly(0.9) }), 0.7)).toBe('within')
  })
})
