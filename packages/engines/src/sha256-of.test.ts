import { expect, test } from 'vitest'
import { requireSha256 } from './sha256-of.ts'

test('a download that is not the known file is refused with both digests', () => {
  expect(() => requireSha256('engine.tar.gz', 'aa', 'bb')).toThrow(
    'engine.tar.gz is not the file we know: its SHA-256 is aa, wanted bb',
  )
  expect(() => requireSha256('engine.tar.gz', 'aa', 'aa')).not.toThrow()
})
