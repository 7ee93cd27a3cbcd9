import { expect, test } from 'vitest'
import { missingLibraries, mongodMajor } from './mongod-files.ts'

test('the version of mongod is read from its own words', () => {
  expect(mongodMajor('db version v6.0.5\nBuild Info: {')).toBe(6)
  expect(mongodMajor('db version v4.4.29')).toBe(4)
  expect(mongodMajor('not found')).toBe(0)
})

test('libraries that mongod lacks are named, those it finds are not', () => {
  const ldd = `\tlibcurl.so.4 => not found
\tliblzma.so.5 => /lib/x86_64-linux-gnu/liblzma.so.5 (0x00007f1c66e97000)
\tlibssl.so.3 => not found
`
  expect(missingLibraries(ldd)).toEqual(['libcurl.so.4', 'libssl.so.3'])
})
