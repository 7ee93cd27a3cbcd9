import { expect, test } from 'vitest'
import { awaitById } from './await-by-id.ts'

test('whoever waits for a thing goes on when that one is seen, before or after', async () => {
  const awaited = awaitById()
  const order: string[] = []
  const late = awaited.of('late').then(() => order.push('late'))
  awaited.seen('early')
  await awaited.of('early').then(() => order.push('early'))
  awaited.seen('late')
  await late
  expect(order).toEqual(['early', 'late'])
})
