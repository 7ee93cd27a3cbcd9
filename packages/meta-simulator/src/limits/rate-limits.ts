/** The limits of the platform, counted per page, thread, user and app. */
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import type { Situation } from '../domain/faults.ts'
import { appUsageHeaders, type Headers, pageUsageHeaders } from '../domain/usage-headers.ts'
import type { LimitRules } from './limit-rules.ts'
import { RollingCount } from './rolling-count.ts'

/** What of a call decides which limits it counts for. */
export interface CountedCall {
  readonly kind: 'page' | 'user' | 'app'
  /** The page, or the token of a user; empty for the app. */
  readonly owner: string
  /** Whether it goes to the Send API. */
  readonly isSend: boolean
  /** Whether it carries audio or video. */
  readonly isMedia: boolean
  /** Whom it addresses; null where that is not known. */
  readonly thread: string | null
}

export interface Admission {
  /** Why the call is refused; null when it may go on. */
  readonly situation: Situation | null
  readonly headers: Headers
}

interface Bucket {
  readonly name: string
  readonly limit: number
  readonly windowMs: number
  readonly slots: number
  readonly situation: Situation
}

const SECOND_MS = 1000
/** The window is at most one slot longer than it says: half of a hundredth here. */
const SECOND_SLOTS = 200
const MINUTE_MS = 60_000
/** Calls per engaged user and 24 h of the Messenger platform, and of the Pages API. */
const MESSENGER_CALLS = 200
const PAGES_CALLS = 4800
/** Calls per daily user and hour of the platform. */
const PLATFORM_CALLS = 200

export class RateLimits {
  readonly #rules: LimitRules
  readonly #counts = new Map<string, RollingCount>()

  constructor(rules: LimitRules) {
    this.#rules = rules
  }

  /** Counts a call, unless a limit refuses it; refused calls count for nothing. */
  admit(call: CountedCall, nowMs: number): Admission {
    const buckets = bucketsOf(call, this.#rules)
    const full = buckets.find((bucket) => this.#count(bucket).total(nowMs) >= bucket.limit)
    if (full === undefined) for (const bucket of buckets) this.#count(bucket).add(nowMs)
    return { situation: full?.situation ?? null, headers: this.#headers(call, buckets, nowMs) }
  }

  /** Of the longest window: that is what callers are told about. */
  #headers(call: CountedCall, buckets: readonly Bucket[], nowMs: number): Headers {
    const [bucket] = buckets
    if (bucket === undefined) return {}
    const count = this.#count(bucket)
    const percent = Math.floor((100 * count.total(nowMs)) / bucket.limit)
    if (percent < this.#rules.headersFromPercent) return {}
    if (call.kind !== 'page') return appUsageHeaders(percent)
    const regainMinutes = Math.ceil(count.regainMs(nowMs, bucket.limit) / MINUTE_MS)
    const type = call.isSend ? 'messenger' : 'pages'
    return pageUsageHeaders({ pageId: call.owner, type, percent, regainMinutes })
  }

  #count({ name, windowMs, slots }: Bucket): RollingCount {
    const known = this.#counts.get(name)
    if (known !== undefined) return known
    const count = new RollingCount(windowMs, slots)
    this.#counts.set(name, count)
    return count
  }
}

/** The longest window first. */
function bucketsOf(call: CountedCall, rules: LimitRules): readonly Bucket[] {
  const { engagedUsers, dailyUsers } = rules
  const day = { windowMs: DAY_MS, slots: 288 }
  const hour = { windowMs: HOUR_MS, slots: 60 }
  const app = {
    name: 'app',
    limit: PLATFORM_CALLS * dailyUsers,
    ...hour,
    situation: 'app-limit',
  } as const
  if (call.kind === 'app') return [app]
  if (call.kind === 'user') {
    const limit = rules.userCallsPerHour
    return [app, { name: `user ${call.owner}`, limit, ...hour, situation: 'user-limit' }]
  }
  if (!call.isSend) {
    const limit = PAGES_CALLS * engagedUsers
    return [{ name: `pages ${call.owner}`, limit, ...day, situation: 'page-limit' }]
  }
  return sendBuckets(call, rules)
}

function sendBuckets(call: CountedCall, rules: LimitRules): readonly Bucket[] {
  const { owner, isMedia, thread } = call
  const limit = isMedia ? rules.mediaCallsPerSecond : rules.textCallsPerSecond
  const inThread: Bucket[] =
    rules.threadCallsPerMinute === null || thread === null
      ? []
      : [
          {
            name: `thread ${owner} ${thread}`,
            limit: rules.threadCallsPerMinute,
            windowMs: MINUTE_MS,
            slots: 12,
            situation: 'call-rate',
          },
        ]
  return [
    {
      name: `messenger ${owner}`,
      limit: MESSENGER_CALLS * rules.engagedUsers,
      windowMs: DAY_MS,
      slots: 288,
      situation: 'messenger-limit',
    },
    {
      name: `${isMedia ? 'media' : 'text'} ${owner}`,
      limit,
      windowMs: SECOND_MS,
      slots: SECOND_SLOTS,
      situation: 'call-rate',
    },
    ...inThread,
  ]
}
