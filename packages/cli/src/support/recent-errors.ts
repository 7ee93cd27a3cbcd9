/** What went wrong lately, by codes and counts: no text of anybody, no id of a person. */
import type { NextOffsets } from '@otn/bus'
import type { TopicAlias } from '@otn/contracts'
import { ingressHealthSettings } from '../cli-settings.ts'
import type { Place } from '../doctor/place.ts'
import { callService, type JsonObject } from '../http/call-service.ts'
import type { KeptIn } from '../kept/kept-entry.ts'
import { readKept } from '../kept/read-kept.ts'
import { readLog } from '../log/read-log.ts'

/** Of each partition, from its end: a long log is not read for the sake of its last page. */
const RECORDS_MAX = 500
const SHOWN_MAX = 100
const TOLD = new Set(['NotificationFailed', 'NotificationInDoubt', 'CommandRejected'])

/** The newest failed, rejected and doubtful messages, newest first. */
export async function recentFailures(place: Place): Promise<readonly JsonObject[]> {
  const log = await place.log()
  const failures: JsonObject[] = []
  await readLog(log, {
    topics: ['notification'],
    from: await nearEnd(place, 'notification'),
    until: 'end',
    onRecord: ({ decoded }) => {
      if (decoded.kind === 'known' && TOLD.has(decoded.value.type)) {
        failures.push(failureOf({ ...decoded.value }))
      }
    },
  })
  return failures.toSorted((a, b) => Number(b.at) - Number(a.at)).slice(0, SHOWN_MAX)
}

async function nearEnd(place: Place, topic: TopicAlias): Promise<NextOffsets> {
  const { positions } = (await place.log()).bus
  const [starts, ends] = await Promise.all([
    positions.startOffsets(topic),
    positions.endOffsets(topic),
  ])
  const from = ends.map((end, partition) => {
    const start = starts[partition] ?? 0n
    const near = end - BigInt(RECORDS_MAX)
    return near > start ? near : start
  })
  return { [topic]: from }
}

/** By name: a field that is added to the record is not in the bundle before somebody says so. */
function failureOf(event: JsonObject): JsonObject {
  const { at, type, pageId, attempt, graphCode = null, graphSubcode = null } = event
  return {
    ...{ at, type, pageId, attempt, graphCode, graphSubcode },
    reason: wordOf(event.reason),
    rule: wordOf(event.rule),
    route: wordOf(event.route),
    fbtraceId: wordOf(event.fbtraceId),
  }
}

/** A word for machines; what may hold an id of somebody is none. */
function wordOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return /^[\w.+=/-]{1,64}$/.test(value) && !/\d{6}/.test(value) ? value : null
}

/** What was set aside and is not settled, by reason. */
export async function keptByReason(place: Place, keptIn: KeptIn): Promise<JsonObject> {
  const { signal } = new AbortController()
  const entries = await readKept({ log: await place.log(), keptIn, signal })
  const open = entries.filter(({ resolution }) => resolution === null)
  const byReason = Map.groupBy(open, ({ reason }) => wordOf(reason) ?? 'other')
  const counts = [...byReason].map(([reason, some]) => [reason, some.length])
  const oldestAt = open.length === 0 ? null : Math.min(...open.map(({ at }) => at))
  return {
    open: open.length,
    settled: entries.length - open.length,
    oldestAt,
    ...ofReasons(counts),
  }
}

function ofReasons(counts: readonly (readonly (string | number)[])[]): JsonObject {
  return { byReason: Object.fromEntries(counts) }
}

const FIGURES = [
  ...['since', 'windowMinutes', 'answers', 'accepted', 'share200'],
  ...['last200AtMs', 'failingSinceMs'],
] as const

/** How webhooks are answered, as the ingress counts it. */
export async function webhookErrors({ context, shell }: Place): Promise<JsonObject> {
  const door = { name: 'ingress', fetch: shell.fetch, ...context.read(ingressHealthSettings) }
  const answer = await callService(door, { path: '/v1/webhook/health' })
  const rows: readonly JsonObject[] = Array.isArray(answer.recentErrors) ? answer.recentErrors : []
  return {
    ...Object.fromEntries(FIGURES.map((name) => [name, numberOf(answer[name])])),
    refused: numbersOf(answer.refused),
    latency: numbersOf(answer.latency),
    recentErrors: rows.map(({ cause, times, firstAtMs, lastAtMs }) => ({
      cause: wordOf(cause),
      times: numberOf(times),
      firstAtMs: numberOf(firstAtMs),
      lastAtMs: numberOf(lastAtMs),
    })),
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function numbersOf(value: unknown): JsonObject {
  const numbers = Object.entries(Object(value)).filter(([, one]) => typeof one === 'number')
  return Object.fromEntries(numbers)
}
