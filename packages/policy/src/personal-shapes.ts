/** Shapes of what names a person or gives access. Each takes a text in plain digits and hyphens. */

type Search = (text: string) => boolean

const anyOf =
  (...patterns: readonly RegExp[]): Search =>
  (text) =>
    patterns.some((pattern) => pattern.test(text))

/**
 * The second form is how an address gets into a context, which has no at sign. Each begins where a
 * word does, or a long word would be looked through from each of its letters.
 */
export const MAIL = anyOf(
  /(?<![\p{L}\d._%+-])[\p{L}\d._%+-]+@[\p{L}\d-]+\.[\p{L}\d.-]/u,
  /(?<![a-z\d])[a-z\d]+[._~-](?:at)[._~-][a-z\d-]+[._~-](?:com|net|org|jp|edu|io)(?![a-z\d])/i,
)

/** With a country code, in groups, or as Japan writes them without (10 or 11 digits from 0). */
export const PHONES = anyOf(
  /(?<![\w+])\+\d(?:[ ().~-]{0,2}\d){7,14}(?!\d)/,
  /(?<!\d)0\d{1,4}[ .~(-]\d{1,4}[ .~)-]\d{3,4}(?!\d)/,
  /(?<!\d)0[5789]0[ .~-]?\d{4}[ .~-]?\d{4}(?!\d)/,
  /(?<!\d)0[1-9]\d{8}(?!\d)/,
  /(?<!\d)\(?[2-9]\d\d\)?[ .~-]\d{3}[ .~-]\d{4}(?!\d)/,
)

/** Long enough to be one, grouped or not. */
const CARD_RUN = /(?<!\d)\d(?:[ ._~-]?\d){13,18}(?!\d)/g
/** Numbers of each issuer with their lengths, so that order numbers seldom look like one. */
const ISSUERS = [
  /^4(?:\d{15}|\d{18})$/,
  /^(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^3(?:0[0-5]|[689]\d)\d{11}$/,
  /^6(?:011|4[4-9]\d|5\d\d)\d{12}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
]

export function CARD(text: string): boolean {
  return (text.match(CARD_RUN) ?? []).some((run) => {
    const digits = digitsOf(run)
    return ISSUERS.some((issuer) => issuer.test(digits)) && luhn(digits)
  })
}

/** ISO/IEC 7812-1, annex B. */
function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

const IBAN_RUN = /(?<![a-z\d])[a-z]{2}\d{2}(?:[ ._~-]?[a-z\d]){11,30}(?![a-z\d])/gi

/** ISO 13616: the number modulo 97 is 1, letters read as 10 to 35. */
export function IBAN(text: string): boolean {
  return (text.match(IBAN_RUN) ?? []).some((run) => {
    const plain = run.replaceAll(/[^a-z\d]/gi, '').toUpperCase()
    const turned = plain.slice(4) + plain.slice(0, 4)
    const rest = [...turned].reduce((left, sign) => {
      const value = Number.parseInt(sign, 36)
      return (left * (value > 9 ? 100 : 10) + value) % 97
    }, 0)
    return plain.length <= 34 && rest === 1
  })
}

/** Social security number of the USA; always written in groups. */
const SSN = /(?<!\d)(?!000|666|9)\d{3}[-~. ](?!00)\d{2}[-~. ](?!0000)\d{4}(?!\d)/
/** National insurance number of the United Kingdom. */
const NINO_PREFIX = /(?<![a-z\d])(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prstw-z][a-ceghj-npr-tw-z]/
const NINO = new RegExp(`${NINO_PREFIX.source} ?(?:\\d{2}[ -]?){3}[a-d](?![a-z\\d])`, 'i')
const MY_NUMBER_RUN = /(?<!\d)\d{4}[ ~-]?\d{4}[ ~-]?\d{4}(?!\d)/g

export function NATIONAL_IDS(text: string): boolean {
  if (SSN.test(text) || NINO.test(text)) return true
  return (text.match(MY_NUMBER_RUN) ?? []).some((run) => isMyNumber(digitsOf(run)))
}

/**
 * The individual number of Japan (ordinance 85 of 2014, article 5). Twelve digits are the length of
 * a UPC as well, which a context about goods is likely to hold: a valid one is taken for that.
 */
function isMyNumber(digits: string): boolean {
  const values = [...digits].map(Number)
  const weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
  const rest = weights.reduce((sum, weight, index) => sum + weight * (values[index] ?? 0), 0) % 11
  const isNumber = values.at(-1) === (rest <= 1 ? 0 : 11 - rest)
  const upc = values.reduce((sum, value, index) => sum + value * (index % 2 === 0 ? 3 : 1), 0) % 10
  return isNumber && upc !== 0
}

/** A word for a secret with something after it, or the shape of a well-known key. */
export const SECRETS = anyOf(
  /(?<![a-z])(?:password|passwd|passcode|pwd|secret) ?[:=~.] ?\S/i,
  /(?<![a-z])(?:api[ _-]?key|access[ _-]?token) ?[:=~.] ?\S/i,
  /(?:パスワード|暗証番号|秘密鍵|認証コード)\s*[:=はが]\s*\S/,
  /(?<![A-Za-z\d])(?:EAA[A-Za-z\d]{20,}|AKIA[A-Z\d]{16}|gh[pousr]_[A-Za-z\d]{20,})/,
  /(?<![A-Za-z\d])(?:sk|rk)[-_](?:live|test|proj)[-_][A-Za-z\d]{8,}/,
  /(?<![A-Za-z\d])eyJ[\w-]{8,}\.[\w-]{8,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
)

function digitsOf(run: string): string {
  return run.replaceAll(/\D/g, '')
}
