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
import { ONE_TIME_KIND } from '@otn/policy'

/** Columns of a CSV file and members of a JSON line that have to be there. */
export const WANTED_COLUMNS = ['pageId', 'psid', 'token', 'payload', 'grantedAt'] as const

/** Stands for the page of a line that names none, as in the quarantine of the ingress. */
export const NO_PAGE = pageId('unknown')
/** An instant says its zone: without one it is another instant on another machine. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

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
  const id = readId(member(json, 'pageId'))
  const page = id === null ? NO_PAGE : pageId(id)
  if (!isObject(json)) return unreadable(page, ['line'])
  const kind = readFilledText(member(json, 'kind')) ?? ONE_TIME_KIND
  if (kind !== ONE_TIME_KIND) {
    return { kind: 'unreadable', page, reason: 'optin-kind-unknown', fields: ['kind'] }
  }
  const psid = readId(member(json, 'psid'))
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

/** One given as a JSON number arrives here with its digits; one that is empty is none. */
function textOf(json: unknown): string | null {
  return typeof json === 'number' ? readId(json) : readFilledText(json)
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
  const iso = typeof json === 'string' && ISO.test(json) ? Date.parse(json) : Number.NaN
  const ms = Number.isNaN(iso) ? readInstant(json) : iso
  if (ms === null || ms <= 0) return 'grantedAt'
  return ms > nowMs ? 'grantedAt (not yet)' : ms
}
