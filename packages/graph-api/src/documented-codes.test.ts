import { describe, expect, test } from 'vitest'
import type { AddressedBy, Classification } from './classification.ts'
import { classify } from './classify.ts'

/**
 * The codes of the platform's error documentation and of public logs, by what they mean, written
 * down apart from the table: none may get lost from it, and none may change its meaning unseen.
 * @see Messenger Platform documentation, "Error Codes"; Graph API, "Handle Errors"
 */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  // The message may be out, in spite of the error.
  'by any: unknown': ['1', '1/99', '1/1357046', '2', '1200', '1200/2018024', '-1'],
  'by any: not-sent': ['4', '4/2018022', '17', '32', '341', '613', '613/2534040', '80006'],
  'by any: page-stopped': [
    ...['190', '190/458', '190/459', '190/460', '190/463', '190/464', '190/467', '190/490'],
    ...['190/492', '190/2069032', '102', '10', '10/1404170', '10/1893063', '200', '200/2018028'],
    ...['368', '2022', '10904'],
  ],
  // What a token gets is a word about the token; a person's id has no such excuse.
  'by token: token-refused': ['100', '100/2018001', '10/2018278', '10/2018065', '10/1893015'],
  'by psid: refused': ['100', '100/2018001', '10/2018278', '10/2018065', '10/1893015'],
  'by any: refused': [
    // The person.
    ...['551', '551/1545041', '551/1893047', '200/1545041', '230', '10/2018108', '10/2018336'],
    // The thread, the window of another host, requests for consent.
    ...['10/2018300', '2018300', '2018171', '2018234', '2018321', '10/2534022', '613/1893016'],
    ...['9/2018352', '613/2018338', '4/2018354'],
    // What the message holds.
    ...['100/33', '100/2018008', '100/2018047', '100/2018074', '100/2018294', '100/2018109'],
    ...['100/2018014', '100/2018015', '100/2018034', '100/2018040', '100/2018041', '100/2018053'],
    ...['100/2018164', '2/2018344'],
    // The app, and what no notification can meet.
    ...['3', '200/2018027', '200/2018021', '10303', '10900', '10903', '2018144', '4/2018144'],
    ...['613/2018144', '2018218', '2018247', '9000001'],
  ],
}

/** A subcode that nobody documents says no more than its code where that pauses or doubts. */
const SWEEPING = {
  unknown: ['1', '2', '1200', '-1'],
  'not-sent': ['4', '17', '32', '341', '80006'],
  'page-stopped': ['190', '102', '368', '2022'],
} as const

function verdictOn(code: string, addressedBy: AddressedBy): Classification['class'] {
  const [first, subcode] = code.split('/').map(Number)
  const error = { code: first, ...(subcode === undefined ? {} : { error_subcode: subcode }) }
  const seen = { seen: 'answered', status: 400, headers: {}, json: { error } } as const
  return classify({ ...seen, bodyBytes: 1, bodyCut: false }, { addressedBy }).class
}

describe('a documented code', () => {
  const rows = Object.entries(DOCUMENTED).flatMap(([meaning, codes]) => {
    const [by = '', wanted = ''] = meaning.replace('by ', '').split(': ')
    const ways: readonly AddressedBy[] = by === 'any' ? ['token', 'psid'] : [by as AddressedBy]
    return codes.flatMap((code) => ways.map((way) => [code, way, wanted] as const))
  })

  test.each(rows)('%s, by %s, means %s', (code, way, wanted) => {
    expect(verdictOn(code, way)).toBe(wanted)
  })
})

describe('a subcode that nobody documents', () => {
  const rows = Object.entries(SWEEPING).flatMap(([wanted, codes]) =>
    codes.map((code) => [code, wanted] as const),
  )

  test.each(rows)('means no more than its code %s: %s', (code, wanted) => {
    expect([verdictOn(`${code}/7`, 'token'), verdictOn(`${code}/7`, 'psid')]).toEqual([
      wanted,
      wanted,
    ])
  })
})
