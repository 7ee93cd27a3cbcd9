import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readId } from './json-fields.ts'
import { parseBody } from './parse-body.ts'

const bytesOf = (text: string) => Buffer.from(text, 'utf8')

describe('parsing a body', () => {
  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['parsed', 'unusable']).toContain(parseBody(bytes).kind)
      }),
    )
  })

  test('gives back every JSON value as it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (json) => {
        const text = JSON.stringify(json)
        const isExact = (number: unknown) =>
          !Number.isInteger(number) || Number.isSafeInteger(number) || /e/.test(String(number))
        const wanted = JSON.parse(text, (_, it) => (isExact(it) ? it : String(it)))
        expect(parseBody(bytesOf(text))).toEqual({ kind: 'parsed', json: wanted })
      }),
    )
  })

  const idOf = (id: bigint | string) => {
    const parsed = parseBody(bytesOf(`{"id":${id}}`))
    return readId((parsed as { readonly json: { readonly id: unknown } }).json.id)
  }

  test('keeps every digit of an id that is a whole number, however many there are', () => {
    const ids = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      // Where a double has gaps of two and four: some of these it writes back as they came.
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 55n }),
    )
    fc.assert(
      fc.property(ids, (id) => {
        expect(idOf(id)).toBe(String(id))
      }),
    )
  })

  test.each([
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9007199254740994',
    '10000000000000000',
    '24051234567890124',
    '17841400000000000000',
  ])('takes %s for the id that it is', (id) => {
    expect(idOf(id)).toBe(id)
  })

  test.each([
    ['', 'body-not-json'],
    ['{"a":1,}', 'body-not-json'],
    ['"\u0000"', 'body-not-json'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'body-too-deep'],
    ['['.repeat(400_000), 'body-too-deep'],
  ])('says why a body is unusable', (text, reason) => {
    expect(parseBody(bytesOf(text))).toEqual({ kind: 'unusable', reason })
  })

  test('takes 32 levels, and refuses bytes that are no UTF-8', () => {
    expect(parseBody(bytesOf(`${'['.repeat(32)}${']'.repeat(32)}`)).kind).toBe('parsed')
    expect(parseBody(Buffer.from([0x22, 0xff, 0x22])).kind).toBe('unusable')
  })
})
