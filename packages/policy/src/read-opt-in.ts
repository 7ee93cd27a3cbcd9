/**
 * What an item with `optin` says, read when its webhook comes and again when it is taken out of
 * quarantine: both have to find the same consent in it.
 */
import {
  isObject,
  type JsonObject,
  member,
  type PageId,
  pageScopedUserId,
  readFilledText,
  readId,
  readInstant,
} from '@otn/kernel'
import { ONE_TIME_KIND, type OneTimeConsent } from './one-time-consent.ts'
import { unreadableFields } from './quarantine.ts'

export type OptInReading =
  | { readonly kind: 'consent'; readonly consent: Omit<OneTimeConsent, 'origin'> }
  /** From a plugin on a site; at least one of the two is given. */
  | { readonly kind: 'plugin'; readonly ref: string | null; readonly userRef: string | null }
  | UnusableOptIn

export interface UnusableOptIn {
  readonly kind: 'unusable'
  readonly reason: 'item-malformed' | 'optin-kind-unknown' | 'page-mismatch'
  /** Names fields, never what stood in them. */
  readonly detail: string
}

export interface OptInItem {
  /** Whose entry it stands in. */
  readonly page: PageId
  /** An item of `messaging[]` or `standby[]` with a member `optin`. */
  readonly json: JsonObject
}

/** Pure and total: whatever stands in it, it gives a reading. */
export function readOptIn({ page, json }: OptInItem): OptInReading {
  const recipient = readId(member(member(json, 'recipient'), 'id'))
  // Seen in the platform's own test calls.
  if (recipient !== null && recipient !== page) {
    return unusable('page-mismatch', 'recipient.id is not the id of the entry')
  }
  const optIn = json.optin
  if (!isObject(optIn)) return unusable('item-malformed', unreadableFields(['optin']))
  const type = member(optIn, 'type')
  if (type === ONE_TIME_KIND) return oneTime({ page, json, recipient, optIn })
  const ref = readFilledText(member(optIn, 'ref'))
  const userRef = textOf(member(optIn, 'user_ref'))
  if (type === undefined && (ref !== null || userRef !== null)) {
    return { kind: 'plugin', ref, userRef }
  }
  return unusable('optin-kind-unknown', 'optin.type is none of ours; it may carry consent')
}

interface OneTimeParts extends OptInItem {
  readonly recipient: string | null
  readonly optIn: JsonObject
}

function oneTime({ page, json, recipient, optIn }: OneTimeParts): OptInReading {
  const sender = readId(member(member(json, 'sender'), 'id'))
  const timestamp = readInstant(member(json, 'timestamp'))
  const token = textOf(member(optIn, 'one_time_notif_token'))
  const given = member(optIn, 'payload')
  const payload = typeof given === 'string' ? given : null
  if (
    sender === null ||
    recipient === null ||
    timestamp === null ||
    token === null ||
    payload === null
  ) {
    const read = {
      'sender.id': sender,
      'recipient.id': recipient,
      timestamp,
      'optin.one_time_notif_token': token,
      'optin.payload': payload,
    }
    const missing = Object.entries(read).flatMap(([name, value]) => (value === null ? [name] : []))
    return unusable('item-malformed', unreadableFields(missing))
  }
  const psid = pageScopedUserId(sender)
  return { kind: 'consent', consent: { page, psid, token, payload, grantedAt: timestamp } }
}

/** One given as a JSON number arrives here with its digits; one that is empty is none. */
function textOf(json: unknown): string | null {
  return typeof json === 'number' ? readId(json) : readFilledText(json)
}

function unusable(reason: UnusableOptIn['reason'], detail: string): UnusableOptIn {
  return { kind: 'unusable', reason, detail }
}
