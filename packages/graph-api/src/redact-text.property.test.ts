/** Whatever is planted in an answer, in whichever words: it never comes out of what is kept. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify } from './classify.ts'
import { describeAnswer } from './describe-answer.ts'

const RUNS = 2_000
/** A piece this long of what was planted is as good as the whole, to look somebody up by. */
const PIECE = 6

const text = (characters: string, minLength: number, maxLength: number) =>
  fc
    .array(fc.constantFrom(...characters), { minLength, maxLength })
    .map((picked) => picked.join(''))
const DIGITS = '0123456789'
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const OPAQUE = `${LETTERS}${DIGITS}_-`

const psid = text(DIGITS, 6, 20)
const token = fc.oneof(text(DIGITS, 8, 24), text(OPAQUE, 32, 120))
const accessToken = text(`${LETTERS}${DIGITS}`, 8, 200).map((tail) => `EAA${tail}`)
const mid = fc.oneof(
  text(OPAQUE, 8, 90).map((tail) => `m_${tail}`),
  text(OPAQUE, 8, 60).map((tail) => `mid.$${tail}`),
  text(OPAQUE, 8, 60).map((tail) => `mid.${tail}:1a2b`),
)
const mail = fc
  .tuple(text(`${LETTERS}${DIGITS}.+`, 1, 20), text(LETTERS, 2, 12), fc.constantFrom('@', '%40'))
  .map(([name, host, at]) => `${name}${at}${host}.example`)
const phone = fc
  .tuple(
    fc.constantFrom('+', '', '00'),
    fc.array(text(DIGITS, 2, 4), { minLength: 3, maxLength: 5 }),
    fc.constantFrom(' ', '-', '.', '/', ') ', ' (', '\u2011', '\u00a0'),
  )
  .map(([prefix, groups, gap]) => prefix + groups.join(gap))
const plain = fc.oneof(psid, token, accessToken, mid, mail, phone)
/** As it stands in an address, or in an address within one. */
const encoded = plain.map(encodeURIComponent)
const planted = fc.oneof(plain, encoded, encoded.map(encodeURIComponent))

/** What the platform says around it; `[]` is where it is planted. */
const sentence = fc.constantFrom(
  '(#987) No user [] was found for this page.',
  'Param recipient[one_time_notif_token] must be valid: [].',
  'Recipient=[]; please try again later.',
  "We couldn't deliver to [] and [].",
  '[] is not a member',
  'Object with ID [] does not exist',
  'token:[] expired',
  'psid%3D[]%26mid%3D[] is wrong',
  'a%253Db%2526token%253D[]',
  'Ask <[]> or call ([]), please.',
  'a\u200b[]\u202eb',
  `"${'word '.repeat(117)}" []`,
)

const filled = (of: string, parts: readonly string[]) => {
  let at = 0
  return of.replace(/\[\]/g, () => parts[at++ % parts.length] ?? '')
}

function kept(error: object) {
  const verdict = classify(
    { seen: 'answered', status: 400, headers: {}, json: { error }, bodyBytes: 1, bodyCut: false },
    { addressedBy: 'token' },
  )
  if (verdict.class !== 'unlisted' || verdict.detail === null) throw new Error(verdict.class)
  return { all: JSON.stringify(verdict.detail), line: describeAnswer(verdict.detail) }
}

/** Six characters on end of something with a digit; letters alone stand in words by chance. */
function* pieces(secret: string): Generator<string> {
  for (let at = 0; at + PIECE <= secret.length; at += 1) {
    const piece = secret.slice(at, at + PIECE)
    if (/\d.*\d/.test(piece) && !/987/.test(piece)) yield piece
  }
}

describe('the answer that is kept of a code nobody has judged', { timeout: 60_000 }, () => {
  test('holds no id, token, message id, address or phone number that the platform said', () => {
    const said = fc.record({ message: sentence, title: sentence, forPeople: sentence })
    const secrets = fc.array(planted, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(said, secrets, psid, ({ message, title, forPeople }, parts, surplus) => {
        const { all, line } = kept({
          code: 987_654,
          error_subcode: 987,
          message: filled(message, parts),
          error_user_title: filled(title, parts),
          error_user_msg: filled(forPeople, parts),
          type: parts[0],
          fbtrace_id: surplus,
          error_data: { recipient: surplus },
        })
        const out = `${all} ${line}`
        for (const part of [...parts, surplus]) {
          expect(out).not.toContain(part)
          for (const piece of pieces(part)) expect(out).not.toContain(piece)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('keeps of any answer one line of bounded length, and what tells one code from another', () => {
    const any = fc.string({ unit: 'binary', maxLength: 3_000 })
    fc.assert(
      fc.property(any, any, any, (message, title, forPeople) => {
        const error = { message, error_user_title: title, error_user_msg: forPeople }
        const told = { code: 987_654, type: 'OAuthException', is_transient: false, ...error }
        const { line } = kept(told)
        expect(line).toMatch(/^HTTP 400, OAuthException, is_transient false/)
        expect(line).not.toMatch(/\p{Cc}/u)
        expect(line.length).toBeLessThan(700)
      }),
      { numRuns: RUNS },
    )
  })
})

test('the words of the platform are kept, each text once', () => {
  const said = 'This person needs to update their app.'
  const people = { error_user_title: 'Old app', error_user_msg: said }
  expect(kept({ code: 987_654, message: said, ...people }).line).toBe(
    'HTTP 400: This person needs to update their app. · Old app',
  )
})
