import { describe, expect, test } from 'vitest'
import { scanJson } from './scan-json.ts'

const scan = (text: string) => scanJson(Buffer.from(text))

describe('the scan before parsing', () => {
  test.each([
    ['1', 0],
    ['{}', 1],
    ['[[],[[]]]', 3],
    ['{"a":"[[[["}', 1],
    ['{"a":"\\"[["}', 1],
    ['{"a":"\\\\"}[', 1],
    ['"never closed [[[', 0],
    [']]]][[', 0],
  ])('counts the nesting of %s outside of texts', (text, depth) => {
    expect(scan(text).depth).toBe(depth)
  })

  test('goes through 400,000 brackets without a stack', () => {
    expect(scan('['.repeat(400_000)).depth).toBe(400_000)
  })

  test.each([
    ['{"time":1458692752478}', true],
    ['{"a":"12345678901234567890 -1.5e3"}', true],
    ['[123456789012345]', true],
    ['[1234567890123456]', false],
    ['[-1]', false],
    ['[1.0]', false],
    ['[1e3]', false],
    ['[true,false,null]', true],
  ])('knows whether a double could change a number of %s', (text, plain) => {
    expect(scan(text).hasPlainNumbersOnly).toBe(plain)
  })
})
