import { expect, test } from 'vitest'
import { forgeWebhooks } from './forged-webhooks.ts'

const PAIRS = 50_000

test('none of 50,000 forged pairs of body and signature is accepted [S1-44]', () => {
  const counted = forgeWebhooks({ pairs: PAIRS, seed: 7 })
  expect(counted).toEqual({ tried: PAIRS, accepted: 0, honestRefused: 0 })
})
