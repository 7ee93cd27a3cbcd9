import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
        expect(parseBody(bytesOf(text))).toEqual({ kind: 'parsed', json: JSON.parse(text) })
      }),
    )
  })

  test('keeps every digit of a whole number, however many there are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (id) => {
        const parsed = parseBody(bytesOf(`{"id":${id}}`))
        const json = parsed.kind === 'parsed' ? parsed.json : null
        expect(String((json as { readonly id: unknown }).id)).toBe(String(id))
      }),
    )
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
