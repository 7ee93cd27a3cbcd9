/** When a person has to look at how webhooks are answered, and when no longer. Pure. */
import { MINUTE_MS } from '@otn/kernel'
import type { SpoolState } from './spool-state.ts'
import type { HealthReport } from './webhook-health.ts'

export const SPOOL_ALARMS = ['spool-holding', 'spool-full', 'spool-damaged'] as const

export interface WebhookAlarm {
  /** Kebab-case, for ever. */
  readonly alarm:
    | 'webhook-failing'
    | 'webhook-slow'
    | 'webhook-unverified'
    | (typeof SPOOL_ALARMS)[number]
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
/** As many as the platform sends of one webhook in half an hour; a stray one is nobody's alarm. */
const UNVERIFIED_MIN = 10
const SPOOL_NEXT = 'See docs/spool.md.'
const NEXT = 'The platform alerts at 15 min and unsubscribes at 60 min. See otn webhook errors.'

type Seen = Pick<HealthReport, 'run' | 'unverified' | 'latency' | 'accepted' | 'refused'> & {
  /** Null where there is none. */
  readonly spool: SpoolState | null
}

/** What is to be told, given what stands. Asked twice with the same it changes nothing. */
export function decideAlarms(
  standing: readonly WebhookAlarm[],
  { seen, nowMs, limits }: { seen: Seen; readonly nowMs: number; readonly limits: AlarmLimits },
): AlarmChange {
  const wanted = [
    ...failing(standing, { seen, nowMs, limits }),
    ...slow(seen, { nowMs, limits }),
    ...unverified(seen, limits),
    ...spoolAlarms(seen.spool, nowMs),
  ]
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

/** Only a run has a beginning of its own: the others are what was raised as long as they stand. */
function isSame(one: WebhookAlarm, other: WebhookAlarm): boolean {
  if (one.alarm !== other.alarm || one.severity !== other.severity) return false
  return one.alarm !== 'webhook-failing' || one.sinceMs === other.sinceMs
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

/**
 * A wrong app secret, or a stranger who signs: they look alike, and the first costs every webhook.
 * So it is a warning, and one honest webhook ends it.
 */
function unverified({ unverified: run }: Seen, limits: AlarmLimits): readonly WebhookAlarm[] {
  if (run === null || run.times < UNVERIFIED_MIN) return []
  if (run.lastMs - run.sinceMs < limits.failingAfterMs) return []
  const said = `${run.times} signed webhooks were refused and none verified in between.`
  const detail = `${said} Compare the app secrets with the App Dashboard (docs/secrets.md).`
  return [{ ...about('webhook-unverified', 'warning', run.sinceMs), detail }]
}

function spoolAlarms(spool: SpoolState | null, nowMs: number): readonly WebhookAlarm[] {
  if (spool === null) return []
  const { bytes, bytesMax, segments, oldestAtMs, isFull, damaged } = spool
  const held = `The spool holds ${bytes} of ${bytesMax} bytes in ${segments} files`
  const holding: WebhookAlarm = {
    ...about('spool-holding', 'warning', oldestAtMs ?? nowMs),
    detail: `${held}: webhooks answered 200 that Kafka has not. Keep the disk. ${SPOOL_NEXT}`,
  }
  const full: WebhookAlarm = {
    ...about('spool-full', 'critical', nowMs),
    detail: `${held}: no more room, webhooks are answered 503 again. ${SPOOL_NEXT}`,
  }
  const broken: WebhookAlarm = {
    ...about('spool-damaged', 'critical', nowMs),
    detail: `${damaged} files of the spool were set aside, as they cannot be read. ${SPOOL_NEXT}`,
  }
  return [
    ...(segments > 0 ? [holding] : []),
    ...(isFull ? [full] : []),
    ...(damaged > 0 ? [broken] : []),
  ]
}

function about(
  alarm: WebhookAlarm['alarm'],
  severity: WebhookAlarm['severity'],
  sinceMs: number,
): Omit<WebhookAlarm, 'detail'> {
  return { alarm, severity, sinceMs }
}
