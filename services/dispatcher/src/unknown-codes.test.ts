import { createMetrics } from '@otn/runtime'
import { expect, test } from 'vitest'
import { countUnknownCodes } from './unknown-codes.ts'

test('unknown codes are counted one by one, and the hundred and first as other', async () => {
  const metrics = createMetrics('t')
  const count = countUnknownCodes(metrics)
  for (let code = 1_000; code < 1_150; code += 1) count({ graphCode: code, graphSubcode: null })
  count({ graphCode: 1_000, graphSubcode: null })
  count({ graphCode: 1_000, graphSubcode: 7 })
  const { values } = (await metrics.getSingleMetric('otn_graph_unknown_codes_total')?.get()) ?? {
    values: [],
  }
  const counted = new Map(
    values.map(({ labels: { code, subcode }, value }) => [`${code}/${subcode}`, value]),
  )
  expect(counted.size).toBe(101)
  expect(counted.get('1000/none')).toBe(2)
  expect(counted.get('1099/none')).toBe(1)
  expect(counted.get('other/other')).toBe(51)
})
