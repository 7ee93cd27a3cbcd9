import { expect, test } from 'vitest'
import { watchPauses } from './watch-pauses.ts'

test('a limit is stretched by what the machine withheld, once for each process on the way', () => {
  using pauses = watchPauses()
  const fromMs = performance.now()
  while (performance.now() - fromMs < 150);
  expect(pauses.stretched(1_000)).toBeGreaterThanOrEqual(1_000 + 4 * 100)
})

test('a pause that is over stays known', async () => {
  using pauses = watchPauses()
  const fromMs = performance.now()
  while (performance.now() - fromMs < 150);
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(pauses.stretched(1_000)).toBeGreaterThanOrEqual(1_000 + 4 * 100)
})
