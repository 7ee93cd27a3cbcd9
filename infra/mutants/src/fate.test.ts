import { describe, expect, test } from 'vitest'
import { fateOf } from './fate.ts'

describe('a mutant whose tests ran out of time', () => {
  test.each([
    ['is unknown as long as it was not run again', undefined, 'unknown'],
    ['is killed where it never ends, run alone', 'Timeout', 'killed'],
    ['is killed where a test fails once there is time', 'Killed', 'killed'],
    ['survives where the machine alone was slow', 'Survived', 'survived'],
    ['is unknown where the second run told nothing', 'RuntimeError', 'unknown'],
  ] as const)('%s', (_, again, fate) => {
    expect(fateOf('Timeout', again)).toBe(fate)
  })
})

test('a mutant that ended in time is judged by that run', () => {
  expect(fateOf('Killed')).toBe('killed')
  expect(fateOf('Survived')).toBe('survived')
  expect(fateOf('NoCoverage')).toBe('not covered')
  expect(fateOf('RuntimeError')).toBeUndefined()
})
