/** The guard holds for whatever stands around what it looks for, and however that is written. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPersonalData, findSensitiveWords } from './personal-data.ts'

const digits = (count: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: count, maxLength: count })

/** Words of a shop, which say nothing by themselves. */
const around = fc.constantFrom(
  '',
  'restock ',
  'The blue jacket, ',
  '青い上着：',
  'size 42; ',
  '🔔 ',
)

/** What issuers print: the first digits, and how many there are. */
const issuers = [
  ['4', 16],
  ['4', 19],
  ['51', 16],
  ['2221', 16],
  ['2720', 16],
  ['34', 15],
  ['37', 15],
  ['300', 14],
  ['36', 14],
  ['6011', 16],
  ['65', 16],
  ['3528', 16],
  ['3589', 16],
] as const

/** The digit that makes a number one of ISO/IEC 7812-1, found by trying, not by a formula. */
function checked(open: string): string {
  const isValid = (number: string) =>
    [...number].reverse().reduce((sum, digit, index) => {
      const twice = index % 2 === 1 ? 2 * Number(digit) : Number(digit)
      return sum + Math.floor(twice / 10) + (twice % 10)
    }, 0) %
      10 ===
    0
  const last = [...'0123456789'].find((digit) => isValid(open + digit))
  return open + last
}

const card = fc
  .constantFrom(...issuers)
  .chain(([prefix, length]) =>
    digits(length - prefix.length - 1).map((body) => checked(prefix + body.join(''))),
  )
const grouped = (number: string, sign: string) => number.replaceAll(/(.{4})(?=.)/g, `$1${sign}`)
const wide = (text: string) =>
  text.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) + 0xfee0))

describe('a card number', () => {
  test('of each issuer is found, grouped or not, in plain or in wide digits [U16, S0-27]', () => {
    const written = fc.tuple(card, fc.constantFrom('', ' ', '-', '.', '_', '~', '－', '　'))
    fc.assert(
      fc.property(written, around, fc.boolean(), ([number, sign], before, isWide) => {
        const plain = grouped(number, sign)
        const text = `${before}${isWide ? wide(plain) : plain}`
        expect([text, findPersonalData(text)]).toEqual([text, expect.arrayContaining(['card'])])
      }),
      { numRuns: 2_000 },
    )
  })

  test('with any other last digit is none: the check digit decides [U16, S0-27]', () => {
    fc.assert(
      fc.property(card, fc.integer({ min: 1, max: 9 }), (number, off) => {
        const last = (Number(number.at(-1)) + off) % 10
        expect(findPersonalData(`n ${number.slice(0, -1)}${last}`)).not.toContain('card')
      }),
      { numRuns: 2_000 },
    )
  })

  test('with two neighbours swapped is none, 09 and 90 aside, which Luhn cannot tell [U16]', () => {
    fc.assert(
      fc.property(card, fc.nat(99), (number, place) => {
        const at = 6 + (place % (number.length - 8))
        const [a = '', b = ''] = number.slice(at, at + 2)
        fc.pre(a !== b && !['09', '90'].includes(a + b))
        const swapped = number.slice(0, at) + b + a + number.slice(at + 2)
        expect(findPersonalData(swapped)).not.toContain('card')
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('an address of mail', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9._+-]{0,15}$/)
  const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}\.(com|net|org|jp|co\.jp|museum)$/)

  test('is found with its sign in any width, whatever stands before it [U16, S0-27]', () => {
    fc.assert(
      fc.property(name, host, fc.constantFrom('@', '＠'), around, (who, where, at, before) => {
        expect(findPersonalData(`${before}${who}${at}${where}`)).toContain('mail')
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a number of a phone', () => {
  const japanese = fc
    .tuple(fc.constantFrom('090', '080', '070', '050'), digits(4), digits(4))
    .map(([first, ...rest]) => [first, ...rest.map((part) => part.join(''))])
  const abroad = fc
    .tuple(fc.constantFrom('1', '44', '49', '81', '886'), digits(3), digits(3), digits(4))
    .map(([country, ...rest]) => `+${country} ${rest.map((part) => part.join('')).join(' ')}`)

  test('of Japan is found however it is written [U16, S0-27]', () => {
    const signs = fc.constantFrom('', '-', ' ', '.', '−', 'ー', '‐', '－')
    fc.assert(
      fc.property(japanese, signs, around, fc.boolean(), (parts, sign, before, isWide) => {
        const plain = parts.join(sign)
        const text = `${before}${isWide ? wide(plain) : plain}`
        expect([text, findPersonalData(text)]).toEqual([text, expect.arrayContaining(['phone'])])
      }),
      { numRuns: 2_000 },
    )
  })

  test('with a country code is found [U16, S0-27]', () => {
    fc.assert(
      fc.property(abroad, around, (number, before) => {
        expect(findPersonalData(`${before}${number}`)).toContain('phone')
      }),
    )
  })
})

describe('Japanese words', () => {
  const words = {
    health: ['病気', '診断', '処方', '妊娠', '糖尿病', '検査結果', '持病'],
    finance: ['口座', 'クレジットカード', 'カード番号', '年収', '残高', '債務', '納税'],
    legal: ['前科', '逮捕', '訴訟', '離婚', '在留資格'],
  } as const
  const kana = fc.stringMatching(/^[ぁ-んァ-ヴ、。！？ー]{0,12}$/)
  const kinds = Object.keys(words) as (keyof typeof words)[]

  test.each(kinds)('of %s are found without spaces, in the midst of a sentence [U16]', (kind) => {
    fc.assert(
      fc.property(fc.constantFrom(...words[kind]), kana, kana, (word, before, after) => {
        expect(findSensitiveWords(`${before}${word}${after}`)).toContain(kind)
      }),
    )
  })
})

test('a text without end is looked through as far as one that could go out [U16]', () => {
  const bits = ['0', '0-', '+1 ', 'a@', 'a.', '(', 'GB82 ', 'password ', '４', 'ー', 'Z9', '-----']
  for (const bit of bits) {
    const text = `${bit.repeat(512 * 1024)} a@example.com diagnosis`
    expect([bit, findPersonalData(text).includes('mail'), findSensitiveWords(text)]).toEqual([
      ...[bit, false, []],
    ])
  }
})
