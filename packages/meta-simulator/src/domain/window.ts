import { DAY_MS } from '@otn/kernel'
import type { JsonObject } from './json-object.ts'
import { invalid, type Refused } from './judgement.ts'
import { templateOf } from './opt-in-template.ts'
import type { Route, Thread } from './world.ts'

/** The standard messaging window, counted from the person's last act. */
export const WINDOW_MS = DAY_MS
/** How long the tags that still exist reach. */
const TAG_WINDOW_MS = 7 * DAY_MS
/** Refused with code 100 from this day on, UTC. */
const TAGS_REMOVED_AT_MS = Date.UTC(2026, 3, 27)
const REMOVED_TAGS = new Set(['ACCOUNT_UPDATE', 'CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE'])
const NEWS_TAG = 'NON_PROMOTIONAL_SUBSCRIPTION'
const TAGS = new Set(['HUMAN_AGENT', 'CUSTOMER_FEEDBACK', NEWS_TAG, ...REMOVED_TAGS])

/** Checks a tag by itself; null means it may be used. */
export function checkTag({ tag, type }: Tagging, nowMs: number): Refused | null {
  if (tag === undefined) return null
  if (typeof tag !== 'string' || !TAGS.has(tag)) return { situation: 'tag-invalid' }
  if (type !== 'MESSAGE_TAG') return invalid('The parameter tag needs messaging_type MESSAGE_TAG')
  return isRemoved(tag, nowMs) ? { situation: 'tag-removed' } : null
}

interface Tagging {
  readonly tag: unknown
  readonly type: unknown
}

export interface WindowQuestion {
  readonly thread: Thread
  readonly message: JsonObject
  readonly tag: unknown
  readonly nowMs: number
}

/** The route by which a page may write to a person it addresses by id. */
export function routeToPerson({ thread, message, tag, nowMs }: WindowQuestion): Route | Refused {
  const sinceMs = thread.lastActAtMs === null ? Infinity : nowMs - thread.lastActAtMs
  if (sinceMs < WINDOW_MS) return 'window'
  // No page here is registered as news.
  if (tag === NEWS_TAG) return { situation: 'news-permission-missing' }
  const isAllowed =
    REMOVED_TAGS.has(String(tag)) || (sinceMs < TAG_WINDOW_MS && tagAllows(tag, message))
  // Asking for permission is allowed inside the window only, whatever the tag.
  const isRequest = templateOf(message)?.template_type === 'one_time_notif_req'
  return isAllowed && !isRequest ? 'tag' : { situation: 'window-closed' }
}

function isRemoved(tag: string, nowMs: number): boolean {
  return REMOVED_TAGS.has(tag) && nowMs >= TAGS_REMOVED_AT_MS
}

function tagAllows(tag: unknown, message: JsonObject): boolean {
  if (tag === 'HUMAN_AGENT') return true
  return tag === 'CUSTOMER_FEEDBACK' && templateOf(message)?.template_type === 'customer_feedback'
}
