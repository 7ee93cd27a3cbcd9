import { createHmac } from 'node:crypto'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createSigner } from './signer.ts'

test.each(['sha256', 'sha1'] as const)('%s signs as the HMAC of the platform does', (algorithm) => {
  const secret = fc.string({ unit: 'binary', maxLength: 200 })
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(secret, messages, (key, bodies) => {
      const signer = createSigner(algorithm, key)
      for (const body of bodies) {
        const expected = createHmac(algorithm, key).update(body).digest('hex')
        expect(signer(Buffer.from(body))).toBe(expected)
      }
    }),
    { numRuns: 30 },
  )
})

test('a key as long as a block is taken as it is, a longer one is hashed', () => {
  for (const length of [63, 64, 65]) {
    const [key, body] = ['k'.repeat(length), Buffer.from('body')]
    const expected = createHmac('sha256', key).update(body).digest('hex')
    expect(createSigner('sha256', key)(body)).toBe(expected)
  }
})
