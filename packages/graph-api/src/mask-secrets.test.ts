import { expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

test('what we sent is masked as we sent it and as it stands in an address', () => {
  const mask = maskSecrets(['a+b/c=', '2000', 'odd \ud800'])
  expect(mask('token=a%2Bb%2Fc%3D&psid=2000 is no a+b/c=')).toBe(
    'token=[masked]&psid=[masked] is no [masked]',
  )
})
