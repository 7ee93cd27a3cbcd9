import { flow, walk } from '@otn/stack'
import { expect, inject, test } from 'vitest'

test('[S0-15] [S0-01] one opt-in goes from the tap to the redeemed token, each step seen', async () => {
  const rows = await walk(inject('stack'))
  const steps = new Set(flow.map(({ step }) => step))
  expect(new Set(rows.map(({ step }) => step))).toEqual(steps)
  expect(rows.every(({ atMs }) => atMs > 0)).toBe(true)
})
