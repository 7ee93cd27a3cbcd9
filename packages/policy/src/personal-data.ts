/**
 * Looks for what a payload must not carry. It knows shapes and words, not meanings: a name that
 * stands in a context is found by nobody, so the guard is a net and no promise.
 */
import { CARD, IBAN, MAIL, NATIONAL_IDS, PHONES, SECRETS } from './personal-shapes.ts'
import { FINANCE_WORDS, HEALTH_WORDS, LEGAL_WORDS } from './sensitive-words.ts'

export type PersonalKind = 'mail' | 'phone' | 'card' | 'iban' | 'national-id' | 'secret'
export type SensitiveKind = 'health' | 'finance' | 'legal'

type Search = (text: string) => boolean

const PERSONAL: Readonly<Record<PersonalKind, Search>> = {
  mail: MAIL,
  phone: PHONES,
  card: CARD,
  iban: IBAN,
  'national-id': NATIONAL_IDS,
  secret: SECRETS,
}

const SENSITIVE: Readonly<Record<SensitiveKind, Search>> = {
  health: HEALTH_WORDS,
  finance: FINANCE_WORDS,
  legal: LEGAL_WORDS,
}

/** The opaque ids that callers are told to use: a UUID, or a digest in hex. */
const UUID = '[a-f\\d]{8}(?:-[a-f\\d]{4}){3}-[a-f\\d]{12}'
const DIGEST = '(?=\\d*[a-f])(?:[a-f\\d]{32}|[a-f\\d]{40}|[a-f\\d]{64})'
const OPAQUE_IDS = new RegExp(`(?<![a-z\\d])(?:${UUID}|${DIGEST})(?![a-z\\d])`, 'gi')

/**
 * Kinds of what names a person or gives access, in a fixed order; never the text itself. Digits in
 * an opaque id look like a number by chance alone.
 */
export function findPersonalData(text: string): readonly PersonalKind[] {
  return found(PERSONAL, plainOf(text).replaceAll(OPAQUE_IDS, ' '))
}

/** Kinds of wording that speaks of somebody's health, money or legal standing. */
export function findSensitiveWords(text: string): readonly SensitiveKind[] {
  return found(SENSITIVE, plainOf(text))
}

function found<Kind extends string>(
  searches: Readonly<Record<Kind, Search>>,
  plain: string,
): readonly Kind[] {
  return (Object.keys(searches) as Kind[]).filter((kind) => searches[kind](plain))
}

/** No text that goes out is longer; looking through one without end would hold up all others. */
const LOOKED_AT_MAX = 2_000

/** Full-width digits and letters as plain ones, every dash as a hyphen: ０９０−… is a number too. */
function plainOf(text: string): string {
  return text
    .slice(0, LOOKED_AT_MAX)
    .normalize('NFKC')
    .replaceAll(/\p{Dash_Punctuation}|[\u2212\u30fc](?=\d)/gu, '-')
}
