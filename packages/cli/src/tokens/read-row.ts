/**
 * One line of a file of tokens, read by the rules of the ingress. Pure and total: whatever stands
 * in it, it gives a consent, or the fields that could not be read.
 */
import {
  isObject,
  member,
  type PageId,
  type PageScopedUserId,
  pageId,
  pageScopedUserId,
  readFilledText,
  readId,
  readInstant,
} from '@otn/kernel'
import { NO_PAGE, ONE_TIME_KIND } from '@otn/policy'

/** Columns of a CSV file and members of a JSON line that have to be there. */
export const WANTED_COLUMNS = ['pageId', 'psid', 'token', 'payload', 'grantedAt'] as const

/** An instant says its zone: without one it is another instant on another machine. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

/** What a spreadsheet makes of a long number: its digits are gone, so many tokens become one. */
const ROUNDED = /^\d+([.,]\d+)?e\+?\d+$/i
/** No page could ask before: an earlier instant is another unit, a year or a day count. */
const FIRST_MS = Date.UTC(2015, 0, 1)

/** What a person agreed to, as another tool wrote it down. */
export interface ConsentRow {
  readonly kind: 'consent'
  readonly page: PageId
  readonly psid: PageScopedUserId
  readonly token: string
  readonly payload: string
  readonly grantedAt: number
}

export interface UnreadableRow {
  readonly kind: 'unreadable'
  /** Whose it is; `unknown` where that could not be read either. */
  readonly page: PageId
  readonly reason: 'item-malformed' | 'optin-kind-unknown'
  /** Names of fields, never what stood in them. */
  readonly fields: readonly string[]
}

/** @param json members by name; anything else is unreadable as a whole */
export function readRow(json: unknown, nowMs: number): ConsentRow | UnreadableRow {
  const id = wholeId(member(json, 'pageId'))
  const page = id === null ? NO_PAGE : pageId(id)
  if (!isObject(json)) return unreadable(page, ['line'])
  const kind = member(json, 'kind')
  if (!isAbsent(kind) && kind !== ONE_TIME_KIND) {
    return { kind: 'unreadable', page, reason: 'optin-kind-unknown', fields: ['kind'] }
  }
  const psid = wholeId(member(json, 'psid'))
  const token = textOf(member(json, 'token'))
  const payload = payloadOf(member(json, 'payload'))
  const grantedAt = pastInstant(member(json, 'grantedAt'), nowMs)
  if (
    id === null ||
    psid === null ||
    token === null ||
    payload === null ||
    typeof grantedAt !== 'number'
  ) {
    const read = { pageId: id, psid, token, payload }
    const names = Object.entries(read).flatMap(([name, value]) => (value === null ? [name] : []))
    const when = typeof grantedAt === 'number' ? [] : [grantedAt]
    return unreadable(page, [...names, ...when])
  }
  return { kind: 'consent', page, psid: pageScopedUserId(psid), token, payload, grantedAt }
}

function unreadable(page: PageId, fields: readonly string[]): UnreadableRow {
  return { kind: 'unreadable', page, reason: 'item-malformed', fields }
}

function isAbsent(json: unknown): boolean {
  return json === undefined || json === null || json === ''
}

function wholeId(json: unknown): string | null {
  const id = readId(json)
  return id === null || ROUNDED.test(id) ? null : id
}

/** One given as a JSON number arrives here with its digits; one that is empty is none. */
function textOf(json: unknown): string | null {
  const text = typeof json === 'number' ? readId(json) : readFilledText(json)
  return text === null || ROUNDED.test(text) || text.trim() !== text ? null : text
}

/** Unlike the token it may be empty: consent is consent whatever its words. */
function payloadOf(json: unknown): string | null {
  return typeof json === 'string' ? json : null
}

/**
 * A webhook that is ahead of our clock is taken as of now. In a file it is a wrong unit or a wrong
 * column, and a token would live too long by it.
 */
function pastInstant(json: unknown, nowMs: number): number | 'grantedAt' | 'grantedAt (not yet)' {
  const ms = typeof json === 'string' && ISO.test(json) ? dayThatIs(json) : readInstant(json)
  if (ms === null || ms < FIRST_MS) return 'grantedAt'
  return ms > nowMs ? 'grantedAt (not yet)' : ms
}

/** Null where the month has no such day: parsed, it would be one of the next month. */
function dayThatIs(iso: string): number | null {
  const ms = Date.parse(iso)
  const [year = 0, month = 0, day = 0] = iso.slice(0, 10).split('-').map(Number)
  const isDay = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
  return isDay && !Number.isNaN(ms) ? ms : null
}
