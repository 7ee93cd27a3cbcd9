import { expect, test } from 'vitest'
import { hit } from './kafka-faults.ts'
import { kafkaApi } from './kafka-frames.ts'

function fates(rule: ReturnType<typeof hit>, apiKeys: readonly number[]): string[] {
  return apiKeys.map((apiKey, index) =>
    rule({ apiKey, apiVersion: 7, correlationId: index, ordinal: index + 1 }),
  )
}

const { produce, metadata } = kafkaApi

test('the chosen request is hit, once, whatever comes between', () => {
  const rule = hit('lose-answer', { apiKey: produce, nth: 2 })
  const seen = fates(rule, [produce, metadata, produce, produce])
  expect(seen).toEqual(['pass', 'pass', 'lose-answer', 'pass'])
})

test('several in a row are hit when asked for', () => {
  const rule = hit('lose-request', { apiKey: produce, nth: 1, count: 2 })
  const seen = fates(rule, [produce, produce, produce])
  expect(seen).toEqual(['lose-request', 'lose-request', 'pass'])
})
