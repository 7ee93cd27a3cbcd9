import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactText, redactTraceId, redactWord } from './redact-text.ts'

/** Of twenty runs, in ms: the machine may keep some of them waiting. */
function quickest(text: string): number {
  const runs = Array.from({ length: 20 }, () => {
    const fromMs = performance.now()
    redactText(text)
    return performance.now() - fromMs
  })
  return Math.min(...runs)
}

describe('the text of the platform', () => {
  test.each([
    [
      "(#551) This person isn't available right now.",
      "(#551) This person isn't available right now.",
    ],
    ['Error at http://x.y/a"b for "Anna Schmidt" today', 'Error at […] for […] today'],
    ['mail o"neil@x.de wrote "Anna Schmidt" now', 'mail […] wrote […] now'],
    ['(#100) Token 4400000000000001 is invalid', '(#100) Token […] is invalid'],
    ['(#100) No user ٤٤٠٠٠٠ found', '(#100) No user […] found'],
    ['Param "hello Bob" is wrong', 'Param […] is wrong'],
    ["Param 'hello Bob' isn't right", "Param […] isn't right"],
    ['Param “hello” 「さくら」 is wrong', 'Param […] […] is wrong'],
    ['Cut off "hello Bo', 'Cut off […]'],
    ['See https://graph.example/?access_token=abc for more', 'See […] for more'],
    ['Mail bob@shop.example for more', 'Mail […] for more'],
    ['Token EAAGm0PX4ZCpsBAKz8x7Qw is wrong', 'Token […] is wrong'],
    [
      'psid=2000 and page_id: 31 are invalid: retry',
      'psid=[…] and page_id: […] are invalid: retry',
    ],
    ['Call +49 (170) 123-45 67 for more', 'Call […] for more'],
    ['Message mid.$cAAJ is gone', 'Message […] is gone'],
    ['two\nlines\u0000\u202e here', 'two lines here'],
  ])('%s', (text, kept) => {
    expect(redactText(text)).toBe(kept)
  })

  test('of masks alone is not kept', () => {
    for (const text of ['', '   ', '4400000000000001', '"all quoted"', '(#100)']) {
      expect(redactText(text)).toBeNull()
    }
  })

  test('is cut at 200 characters, never through one', () => {
    expect(redactText('word '.repeat(100))).toHaveLength(200)
    expect(redactText(`a${'😀'.repeat(150)}`)?.isWellFormed()).toBe(true)
  })

  test('never keeps six digits in a row, nor more than 200 characters', () => {
    const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.nat().map(String)))
    fc.assert(
      fc.property(text, (parts) => {
        const kept = redactText(parts.join('')) ?? ''
        expect(kept).not.toMatch(/\d{6}/)
        expect(kept.length).toBeLessThanOrEqual(200)
        expect(kept.isWellFormed()).toBe(true)
      }),
    )
  })

  test('takes no long time, however it is made', () => {
    const nasty = ['a', '/', '"', "'", '1', 'a.', '@', '‘', 'a1', 'a://']
    const length = 600
    const plain = quickest('one word '.repeat(length / 9))
    for (const part of nasty) {
      // A pattern that tries ever more ways would take many thousand times as long.
      expect(quickest(part.repeat(length / part.length)) / plain).toBeLessThan(500)
    }
  })
})

describe('type and trace id', () => {
  test('are kept in their own forms only', () => {
    expect(redactWord('OAuthException')).toBe('OAuthException')
    expect(redactWord('EAAaccesstoken')).toBeNull()
    expect(redactWord('OAuth 4400000000000001')).toBeNull()
    expect(redactTraceId('H/vnkB0t7Fk')).toBe('H/vnkB0t7Fk')
    expect(redactTraceId('4400000000000001')).toBeNull()
    expect(redactTraceId(`A${'x'.repeat(64)}`)).toBeNull()
  })
})
