/** When a person has to look at how webhooks are answered, and when no longer. Pure. */
import { MINUTE_MS } from '@otn/kernel'
import type { HealthReport } from './webhook-health.ts'

export interface WebhookAlarm {
  /** Kebab-case, for ever. */
  readonly alarm: 'webhook-failing' | 'webhook-slow'
  readonly severity: 'warning' | 'critical'
  /** When what it tells of began; with code and severity it says which alarm it is. */
  readonly sinceMs: number
  /** One line, nothing personal. */
  readonly detail: string
}

export interface AlarmLimits {
  readonly failingAfterMs: number
  readonly failingGravelyAfterMs: number
  /** Of answers in the window, those above 5 s. */
  readonly slowPercent: number
}

export interface AlarmChange {
  readonly raised: readonly WebhookAlarm[]
  readonly cleared: readonly WebhookAlarm[]
  /** What stands from now on. */
  readonly standing: readonly WebhookAlarm[]
}

/** Fewer answers say nothing about a share. */
const SLOW_ANSWERS_MIN = 10
const NEXT = 'The platform alerts at 15 min and unsubscribes at 60 min. See otn webhook errors.'

type Seen = Pick<HealthReport, 'run' | 'latency' | 'accepted' | 'refused'>

/** What is to be told, given what stands. Asked twice with the same it changes nothing. */
export function decideAlarms(
  standing: readonly WebhookAlarm[],
  { seen, nowMs, limits }: { seen: Seen; readonly nowMs: number; readonly limits: AlarmLimits },
): AlarmChange {
  const wanted = [...failing(standing, { seen, nowMs, limits }), ...slow(seen, { nowMs, limits })]
  const stillStands = (one: WebhookAlarm) => wanted.find((other) => isSame(one, other))
  // As it was raised, but for its words: those tell of now.
  const kept = standing.flatMap((one) => {
    const now = stillStands(one)
    return now === undefined ? [] : [{ ...one, detail: now.detail }]
  })
  const raised = wanted.filter((one) => !standing.some((other) => isSame(one, other)))
  const cleared = standing.filter((one) => stillStands(one) === undefined)
  return { raised, cleared, standing: [...kept, ...raised] }
}

/** Slowness has no beginning of its own: as long as it stands it is the one that was raised. */
function isSame(one: WebhookAlarm, other: WebhookAlarm): boolean {
  if (one.alarm !== other.alarm || one.severity !== other.severity) return false
  return one.alarm === 'webhook-slow' || one.sinceMs === other.sinceMs
}

interface Asked {
  readonly nowMs: number
  readonly limits: AlarmLimits
}

/**
 * Raised on evidence: two failures at least so far apart, for one refusal during a restart is no
 * outage. Once raised, time alone makes it graver: nothing says that it is over but a 200.
 */
function failing(
  standing: readonly WebhookAlarm[],
  { seen: { run }, nowMs, limits }: Asked & { readonly seen: Seen },
): readonly WebhookAlarm[] {
  if (run === null) return []
  const { sinceMs, lastMs, failures, cause } = run
  const stands = standing.some((one) => one.alarm === 'webhook-failing' && one.sinceMs === sinceMs)
  if (!stands && lastMs - sinceMs < limits.failingAfterMs) return []
  const lengthMs = Math.max(nowMs, lastMs) - sinceMs
  const minutes = Math.floor(lengthMs / MINUTE_MS)
  const said = `No webhook was answered 200 for ${minutes} min (${failures} failed, ${cause}).`
  const base = { alarm: 'webhook-failing', sinceMs, detail: `${said} ${NEXT}` } as const
  const isGrave = lengthMs >= limits.failingGravelyAfterMs
  const graver = isGrave ? [{ ...base, severity: 'critical' } as const] : []
  return [{ ...base, severity: 'warning' }, ...graver]
}

function slow(seen: Seen, { nowMs, limits }: Asked): readonly WebhookAlarm[] {
  const { latency, accepted, refused } = seen
  const answers = accepted + refused['log-unavailable'] + refused.fault
  const percent = answers === 0 ? 0 : (100 * latency.over5s) / answers
  if (answers < SLOW_ANSWERS_MIN || percent <= limits.slowPercent) return []
  const said = `${latency.over5s} of ${answers} webhooks were answered after more than 5 s`
  const detail = `${said}. See otn webhook health.`
  return [{ alarm: 'webhook-slow', severity: 'warning', sinceMs: nowMs, detail }]
}
