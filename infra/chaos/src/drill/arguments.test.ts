import { describe, expect, test } from 'vitest'
import { parseChaosArguments } from './arguments.ts'

describe('the options of a drill', () => {
  test('are read, lists by commas', () => {
    const args = ['--long', '--minutes', '30', '--only', 'kafka,graph', '--seed', '7', '--json']
    const cells = { only: ['kafka', 'graph'], seed: 7 }
    const wanted = { ...cells, isLong: true, minutes: 30, isJson: true, isKept: false }
    expect(parseChaosArguments(args)).toEqual(wanted)
  })

  test('have defaults: everything once, a seed of its own', () => {
    const options = parseChaosArguments([])
    expect(options).toMatchObject({ isLong: false, minutes: 120, only: [], isJson: false })
    expect(Number.isSafeInteger(options.seed)).toBe(true)
  })

  test.each([
    [['--minutes', 'soon'], '--minutes: got "soon", wanted a whole number from 0 on'],
    [['--seed', '-1'], /--seed/],
    [['--seeds', '1'], /--seeds/],
  ])('%j is refused by its name', (args, message) => {
    expect(() => parseChaosArguments(args)).toThrow(message)
  })
})
