import { MINUTE_MS } from '@otn/kernel'
import type { AnswerHeaders } from './observation.ts'

/** How much of a bucket is used up. */
export interface Usage {
  readonly scope: 'app' | 'page'
  /** Percent of the limit; calls are throttled from 100. */
  readonly percent: number
  /** Time until access is regained, ms; 0 where nothing is said. */
  readonly regainMs: number
}

/** Longest wait we believe: the longest window of the platform's limits. */
const REGAIN_MINUTES_MAX = 24 * 60

const SCOPES: ReadonlyMap<string, Usage['scope']> = new Map([
  ['x-app-usage', 'app'],
  ['x-page-usage', 'page'],
  ['x-business-use-case-usage', 'page'],
] as const)

/** Percent members; the last two are what the Instagram host calls them. */
const PERCENT_MEMBERS = ['call_count', 'total_cputime', 'total_time', 'call_volume', 'cpu_time']

/**
 * The worst usage per bucket that an answer's headers tell, at most one per scope. Header names
 * match in any case; whatever cannot be read counts as not said. Never throws.
 * @see Graph API documentation, "Rate Limits": percent of the limit, regain time in minutes
 */
export function readUsage(headers: AnswerHeaders): readonly Usage[] {
  const worst = new Map<Usage['scope'], Usage>()
  for (const [name, values] of Object.entries(headers)) {
    const scope = SCOPES.get(name.toLowerCase())
    if (scope === undefined) continue
    for (const entry of values.flatMap(readEntries)) {
      const known = worst.get(scope) ?? { scope, percent: 0, regainMs: 0 }
      worst.set(scope, {
        scope,
        percent: Math.max(known.percent, percentOf(entry)),
        regainMs: Math.max(known.regainMs, regainMsOf(entry)),
      })
    }
  }
  return [...worst.values()]
}

/** The objects that carry numbers: the value itself, or the entries listed under each page. */
function readEntries(value: string): readonly object[] {
  try {
    const json: unknown = JSON.parse(value)
    return isObject(json) ? [json, ...Object.values(json).flat()].filter(isObject) : []
  } catch {
    return []
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function percentOf(entry: object): number {
  return Math.max(0, ...PERCENT_MEMBERS.map((member) => numberIn(entry, member)))
}

function regainMsOf(entry: object): number {
  const minutes = numberIn(entry, 'estimated_time_to_regain_access')
  return Math.ceil(Math.min(minutes, REGAIN_MINUTES_MAX) * MINUTE_MS)
}

function numberIn(entry: object, member: string): number {
  const value: unknown = Object.getOwnPropertyDescriptor(entry, member)?.value
  return typeof value === 'number' && value < Number.POSITIVE_INFINITY ? value : 0
}
