import { expect, test } from 'vitest'
import { fairness } from './fairness.ts'

test('fairness is 1 among equals, 1/n where one has all, and 0 where nobody has anything', () => {
  expect([fairness([5, 5, 5]), fairness([9, 0, 0]), fairness([0, 0])]).toEqual([1, 1 / 3, 0])
  expect(fairness([300, 290])).toBeCloseTo(0.9997, 4)
})
