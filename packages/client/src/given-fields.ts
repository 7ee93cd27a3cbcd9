/** Reading what a caller gave, of which nothing is known: a fault for each field that is wrong. */
import { isTimeZone, isTopic } from '@otn/kernel'
import { type Fault, measured, shown } from './fault.ts'

export type Loose = Readonly<Record<string, unknown>>

const COMMAND_ID_CHARACTERS_MAX = 128
/** Neither space nor control nor format character, nor a letter that shows nothing. */
export const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u

export interface Circumstances {
  /** Used where the caller names no idempotency key. */
  readonly newId: string
  readonly source: string
  readonly nowMs: number
}

/** An ignored constraint would send, so a misspelt field is refused. */
export function unknownFields(
  given: Loose,
  { known, inside }: { readonly known: readonly string[]; readonly inside: string },
): readonly Fault[] {
  const unknown = Object.keys(given).filter((name) => !known.includes(name))
  return unknown.map((name) => ({
    field: `${inside}${name}`,
    got: 'an unknown field',
    wanted: `only ${known.join(', ')}`,
  }))
}

/** Of the page, and of the command where the caller names it. */
export function* idFaults({ pageId, idempotencyKey }: Loose): Iterable<Fault> {
  if (!isDecimal(pageId)) {
    yield { field: 'pageId', got: shown(pageId), wanted: 'a page id (decimal digits, as a text)' }
  }
  if (idempotencyKey !== undefined) yield* commandIdFaults('idempotencyKey', idempotencyKey)
}

/** Of the id of a command, by the name that the caller knows it by. */
export function* commandIdFaults(field: string, given: unknown): Iterable<Fault> {
  const id = textOf(given) ?? ''
  const isUsable = id.isWellFormed() && !/\p{Cc}/u.test(id)
  if (id !== '' && id.length <= COMMAND_ID_CHARACTERS_MAX && isUsable) return
  const wanted = 'a text of 1 to 128 characters, none of them a control character'
  yield { field, got: measured(given), wanted }
}

export const PSID_RULE = {
  fits: isDecimal,
  wanted: 'a page-scoped user id (decimal digits, as a text)',
} as const

export const TOKEN_ID_RULE = {
  fits: (value: unknown) => /^[0-9a-f]{32}$/.test(textOf(value) ?? ''),
  wanted: 'a token id (32 hex digits), not the token itself',
} as const

/** The topic that a command is about, by the name that the caller knows it by. */
export function* topicFaults({ topic }: Loose, field = 'to.topic'): Iterable<Fault> {
  if (isTopic(textOf(topic) ?? '')) return
  const wanted = 'the agreed topic: 1 to 64 of a-z 0-9 . _ -, a letter or digit first'
  yield { field, got: shown(topic), wanted }
}

/** Of the person; without one the page's counts. */
export function* timeZoneFaults({ timeZone }: Loose): Iterable<Fault> {
  if (timeZone === undefined || isTimeZone(textOf(timeZone) ?? '')) return
  const wanted = 'a time zone of the IANA database, as Asia/Tokyo'
  yield { field: 'timeZone', got: shown(timeZone), wanted }
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,32}$/.test(value)
}

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export function branded<Id>(value: unknown, brand: (text: string) => Id): Id | null {
  return typeof value === 'string' ? brand(value) : null
}

/** Exactly one of these names a recipient, and it is an id of its kind. */
export function* recipientFaults(
  to: Loose,
  rules: Readonly<Record<string, FieldRule>>,
): Iterable<Fault> {
  const given = Object.entries(rules).filter(([name]) => to[name] !== undefined)
  const [first] = given
  if (first === undefined || given.length > 1) {
    const got = first === undefined ? 'none of them' : given.map(([name]) => name).join(' and ')
    yield { field: 'to', got, wanted: `exactly one of ${Object.keys(rules).join(', ')}` }
    return
  }
  const [name, { fits, wanted }] = first
  if (!fits(to[name])) yield { field: `to.${name}`, got: measured(to[name]), wanted }
}

interface FieldRule {
  readonly fits: (value: unknown) => boolean
  readonly wanted: string
}
