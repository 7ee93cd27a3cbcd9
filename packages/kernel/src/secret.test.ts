import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

test('a secret shows itself to no printer, and to whoever asks by name', () => {
  const secret = new Secret('s3cr3t')
  const printed = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret })]
  expect(printed.join()).not.toContain('s3cr3t')
  expect(secret.reveal()).toBe('s3cr3t')
})
