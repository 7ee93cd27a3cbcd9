/** Answers of the last minutes, counted by minute: constant room, whatever comes. */
import { MINUTE_MS } from '@otn/kernel'
import { CAUSES, type Cause, isOurs, type WebhookAnswer } from './webhook-answer.ts'

/** The platform wants its answer by then. */
const WANTED_MS = 5_000
/** Then it gives up. */
const GIVEN_UP_MS = 20_000

/** Upper edges, milliseconds; what a percentile is told as. */
const EDGES = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 3_000, WANTED_MS, 10_000, GIVEN_UP_MS]

export interface Latency {
  /** Upper edge of the bucket it lies in, never above `max`; null while nothing was answered. */
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly over5s: number
  readonly over20s: number
}

export interface AnswersSummary {
  /** All answers to posted webhooks in the window. */
  readonly answers: number
  readonly accepted: number
  readonly refused: Readonly<Record<Cause, number>>
  /** Of those that speak of us: 200s, and what the log or a fault of ours kept from 200. */
  readonly share200: number | null
  readonly latency: Latency
}

interface Minute {
  readonly minute: number
  accepted: number
  readonly refused: Record<Cause, number>
  readonly edges: number[]
  max: number
  over5s: number
  over20s: number
}

export interface RollingAnswers {
  note(answer: WebhookAnswer): void
  summary(nowMs: number): AnswersSummary
}

/** @param minutes length of the window */
export function createRollingAnswers(minutes: number): RollingAnswers {
  const ring: Minute[] = []
  return {
    note: (answer) => {
      const number = Math.floor(answer.atMs / MINUTE_MS)
      const at = ((number % minutes) + minutes) % minutes
      const kept = ring[at]
      const minute = kept?.minute === number ? kept : emptyMinute(number)
      ring[at] = minute
      count(minute, answer)
    },
    summary: (nowMs) => {
      const now = Math.floor(nowMs / MINUTE_MS)
      const within = ({ minute }: Minute) => minute > now - minutes && minute <= now
      return summed(ring.filter((minute) => minute !== undefined && within(minute)))
    },
  }
}

function emptyMinute(minute: number): Minute {
  const refused = noneRefused()
  const edges = Array.from({ length: EDGES.length + 1 }, () => 0)
  return { minute, accepted: 0, refused, edges, max: 0, over5s: 0, over20s: 0 }
}

function noneRefused(): Record<Cause, number> {
  return { signature: 0, 'too-large': 0, 'too-slow': 0, 'log-unavailable': 0, fault: 0 }
}

function count(minute: Minute, answer: WebhookAnswer): void {
  const { cause, durationMs } = answer
  if (cause === null) minute.accepted += 1
  else minute.refused[cause] += 1
  if (!isOurs(answer)) return
  const found = EDGES.findIndex((edge) => durationMs <= edge)
  const at = found === -1 ? EDGES.length : found
  minute.edges[at] = (minute.edges[at] ?? 0) + 1
  minute.max = Math.max(minute.max, durationMs)
  if (durationMs > WANTED_MS) minute.over5s += 1
  if (durationMs > GIVEN_UP_MS) minute.over20s += 1
}

function summed(minutes: readonly Minute[]): AnswersSummary {
  const sum = (read: (minute: Minute) => number) =>
    minutes.reduce((all, minute) => all + read(minute), 0)
  const refused = noneRefused()
  for (const cause of CAUSES) refused[cause] = sum((minute) => minute.refused[cause])
  const accepted = sum((minute) => minute.accepted)
  const ours = accepted + refused['log-unavailable'] + refused.fault
  const max = Math.max(0, ...minutes.map((minute) => minute.max))
  const counts = Array.from({ length: EDGES.length + 1 }, (_, at) =>
    sum(({ edges }) => edges[at] ?? 0),
  )
  const percentile = (share: number) => (ours === 0 ? null : edgeAt(counts, { share, max }))
  return {
    answers: accepted + CAUSES.reduce((all, cause) => all + refused[cause], 0),
    accepted,
    refused,
    share200: ours === 0 ? null : accepted / ours,
    latency: {
      p50: percentile(0.5),
      p99: percentile(0.99),
      max: ours === 0 ? null : max,
      over5s: sum((minute) => minute.over5s),
      over20s: sum((minute) => minute.over20s),
    },
  }
}

function edgeAt(
  counts: readonly number[],
  { share, max }: { readonly share: number; readonly max: number },
): number {
  const wanted = Math.ceil(counts.reduce((all, one) => all + one, 0) * share)
  let seen = 0
  const at = counts.findIndex((one) => {
    seen += one
    return seen >= wanted
  })
  return Math.min(EDGES[at] ?? max, max)
}
