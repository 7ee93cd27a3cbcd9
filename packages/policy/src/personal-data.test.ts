import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPersonalData, findSensitiveWords } from './personal-data.ts'

describe('what names a person or gives access is found [S0-27]', () => {
  test.each([
    ['mail', 'write to taro.yamada@example.co.jp'],
    ['mail', 'taro＠example.com'],
    ['mail', 'taro_at_example.com'],
    ['phone', '+81 90 1234 5678'],
    ['phone', '０９０−１２３４−５６７８'],
    ['phone', 'ctx.09012345678'],
    ['phone', '03-1234-5678'],
    ['phone', '0312345678'],
    ['phone', '(415) 555-0132'],
    ['card', '4111 1111 1111 1111'],
    ['card', 'pay~4111111111111111'],
    ['card', '3782-822463-10005'],
    ['card', '３５３０１１１３３３３０００００'],
    ['iban', 'GB82 WEST 1234 5698 7654 32'],
    ['iban', 'DE89370400440532013000'],
    ['national-id', '219-09-9999'],
    ['national-id', 'AB 12 34 56 C'],
    ['national-id', '1234-5678-9018'],
    ['secret', 'password: hunter2'],
    ['secret', 'api_key.4f9a'],
    ['secret', 'パスワードは あいうえお'],
    ['secret', '暗証番号：1234'],
    ['secret', 'AKIAIOSFODNN7EXAMPLE'],
    ['secret', 'EAAJZCzZBZCZBZA0BAKxyzxyzxyz'],
    ['secret', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0'],
  ] as const)('%s in %j', (kind, text) => {
    expect(findPersonalData(text)).toContain(kind)
  })

  test.each([
    'restock-1234',
    'sku-4111111111111112',
    'order.20261127.000123',
    '1700000000000',
    // A UPC, which has the twelve digits of a Japanese individual number.
    '036000291452',
    '4901234567894',
    '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'Back in stock: 2026-12-24, 10:30',
    '入荷したらお知らせしますか？',
    'パスワードなしでログイン',
    'Password-free login is here',
    'v21.0.4',
  ])('%j passes', (text) => {
    expect(findPersonalData(text)).toEqual([])
  })

  test('an opaque id passes, whatever digits it has', () => {
    const digits = fc.array(fc.constantFrom(...'0123456789abcdef'), {
      minLength: 63,
      maxLength: 63,
    })
    const hex = fc
      .tuple(digits, fc.constantFrom(32, 40, 64))
      .map(([picked, length]) => `${picked.slice(0, length - 1).join('')}a`)
    fc.assert(
      fc.property(fc.oneof(fc.uuid(), hex), (id) => {
        expect(findPersonalData(`restock.${id}`)).toEqual([])
      }),
      { numRuns: 5_000 },
    )
  })

  test('a card number is found by its check digit: one wrong digit and it is none', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 14, maxLength: 14 })
    fc.assert(
      fc.property(digits, (body) => {
        const open = [4, ...body]
        const matching = Array.from({ length: 10 }, (_, last) => [...open, last].join('')).filter(
          (number) => findPersonalData(`n ${number} n`).includes('card'),
        )
        expect(matching).toHaveLength(1)
      }),
    )
  })
})

describe('words of health, money and legal standing are found [S0-27]', () => {
  test.each([
    ['health', 'Your diagnosis is ready'],
    ['health', 'blood-test-42'],
    ['health', '検査結果のお知らせ'],
    ['health', '糖尿病のご相談'],
    ['finance', 'credit_card.change'],
    ['finance', 'Your LOAN was approved'],
    ['finance', '住宅ローンの審査'],
    ['finance', '口座を開設'],
    ['legal', 'News on your lawsuit'],
    ['legal', '在留資格の更新'],
  ] as const)('%s in %j', (kind, text) => {
    expect(findSensitiveWords(text)).toContain(kind)
  })

  test.each([
    'New price on headphones',
    'ドローンの新製品',
    'クローンウォーズ',
    'がんばれ！新商品入荷',
    'reloaned-books',
    'Card games are back',
  ])('%j passes', (text) => {
    expect(findSensitiveWords(text)).toEqual([])
  })
})
