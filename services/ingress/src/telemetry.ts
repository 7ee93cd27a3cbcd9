import type { AppenderState } from '@otn/bus'
import { Counter, Gauge, Histogram, type Log, type Metrics } from '@otn/runtime'
import type {
  Room,
  Tell,
  TellAlarms,
  TellApps,
  TellConnections,
  TellSpool,
  WebhookReport,
} from './ports.ts'
import { createSpoolTelemetry } from './spool-telemetry.ts'

/** Seconds; the platform gives up after five, we answer within three. */
const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5]

/** Counts and one wide line for each webhook: kinds, reasons and digests, never content. */
export function createTelemetry({
  log,
  metrics,
}: {
  readonly log: Log
  readonly metrics: Metrics
}): Tell & TellAlarms & TellApps & TellConnections & TellSpool {
  const { webhooks, items, unknownPageItems, latency, handshakes, unusable, cut } =
    measures(metrics)
  const { signatures, appsFile } = measuresOfApps(metrics)
  return {
    accepted: (report) => {
      webhooks.inc({ outcome: 'accepted' })
      unknownPageItems.inc(report.unknownPageItems)
      latency.observe(report.durationMs / 1000)
      for (const { result, kind, count } of tallyOf(report)) items.inc({ result, kind }, count)
      log.info({ ...line(report), outcome: 'accepted' }, 'webhook received')
    },
    notAcknowledged: (report, error) => {
      webhooks.inc({ outcome: 'not-acknowledged' })
      log.warn({ ...line(report), outcome: 'retried', error }, 'webhook received')
    },
    signed: ({ appId, secret }) => signatures.inc({ app: appId, secret }),
    ...createSpoolTelemetry({ log, metrics }),
    spooled: ({ appId, body, receivedAtMs }) => {
      webhooks.inc({ outcome: 'spooled' })
      const fields = { event: 'webhook.received', appId, bodyBytes: body.length, receivedAtMs }
      log.info({ ...fields, outcome: 'spooled' }, 'webhook received')
    },
    drained: (report) => {
      webhooks.inc({ outcome: 'drained' })
      unknownPageItems.inc(report.unknownPageItems)
      for (const { result, kind, count } of tallyOf(report)) items.inc({ result, kind }, count)
      log.info({ ...line(report), event: 'webhook.drained', outcome: 'accepted' }, 'drained')
    },
    unauthenticated: (bodyBytes) => {
      webhooks.inc({ outcome: 'unauthenticated' })
      const fields = { event: 'webhook.refused', outcome: 'refused', reason: 'signature' }
      log.warn({ ...fields, bodyBytes }, 'webhook refused')
    },
    refusedEarly: (reason) => {
      webhooks.inc({ outcome: 'refused-early' })
      log.debug({ event: 'webhook.refused', outcome: 'retried', reason }, 'webhook refused')
    },
    cutForOthers: () => cut.inc(),
    handshake: (outcome) => {
      handshakes.inc({ outcome })
      log.info({ event: 'webhook.handshake', outcome }, 'handshake answered')
    },
    pageEventUnusable: (detail) => {
      unusable.inc()
      log.warn({ event: 'page-event.ignored', outcome: 'ignored', detail }, 'page event ignored')
    },
    waitingForLog: (error) => {
      const message = 'Kafka or the schema registry cannot be reached; asking again'
      log.warn({ event: 'service.waiting', error }, message)
    },
    appsRead: (appIds) => {
      appsFile.set(1)
      log.info({ event: 'apps.read', appIds }, 'the file of apps was read again')
    },
    appsUnusable: (error) => {
      appsFile.set(0)
      const message = 'the file of apps is wrong; what was known before stays in force'
      log.error({ event: 'apps.unusable', error }, message)
    },
    alarmRaised: (alarm) => log.error({ event: 'alarm.raised', ...alarm }, 'alarm raised'),
    alarmCleared: (alarm) => log.warn({ event: 'alarm.cleared', ...alarm }, 'alarm cleared'),
    alarmsNotWritten: (owed, error) => {
      log.warn({ event: 'alarm.owed', owed, error }, 'alarms wait for Kafka')
    },
  }
}

function measures(metrics: Metrics) {
  const registers = [metrics]
  const counter = <Label extends string = never>(
    name: string,
    help: string,
    labels: Label[] = [],
  ) => new Counter({ name: `otn_ingress_${name}`, help, labelNames: labels, registers })
  return {
    webhooks: counter('webhooks_total', 'Webhooks by outcome.', ['outcome']),
    items: counter(
      'items_total',
      'Items of acknowledged webhooks: facts by type, quarantined by reason, counted by kind.',
      ['result', 'kind'],
    ),
    unknownPageItems: counter(
      'unknown_page_items_total',
      'Items of pages that are not connected here; they are on the log all the same.',
    ),
    latency: new Histogram({
      name: 'otn_ingress_acknowledgement_seconds',
      help: 'From the head of a webhook to the acknowledgement of its last record.',
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    handshakes: counter('handshakes_total', 'Verification calls by outcome.', ['outcome']),
    cut: counter('connections_cut_total', 'Connections cut so that younger ones find room.'),
    unusable: counter(
      'page_events_unusable_total',
      'Page events or topic rules that this build cannot use.',
    ),
  }
}

function measuresOfApps(metrics: Metrics) {
  const registers = [metrics]
  const appsFile = new Gauge({
    name: 'otn_ingress_apps_file_usable',
    help: '0 while META_APPS_FILE is wrong and what was known before is in force, 1 else.',
    registers,
  })
  appsFile.set(1)
  const signatures = new Counter({
    name: 'otn_ingress_signatures_total',
    help: 'Verified webhooks by app and by whether its newest app secret signed or an older one.',
    labelNames: ['app', 'secret'],
    registers,
  })
  return { appsFile, signatures }
}

/** Who is connected, read whenever metrics are asked for. */
export function observeRoom(metrics: Metrics, room: Room): void {
  const gauge = (name: string, help: string, read: () => number) => {
    const collect = function collect(this: Gauge) {
      this.set(read())
    }
    new Gauge({ name: `otn_ingress_${name}`, help, registers: [metrics], collect })
  }
  gauge('connections', 'Connections that are open.', room.connections)
  gauge('receiving_bytes', 'Of bodies not arrived whole, as announced.', room.receivingBytes)
}

/** The appender's funnel, read whenever metrics are asked for. */
export function observeFunnel(metrics: Metrics, state: () => AppenderState): void {
  const gauge = (name: string, help: string, read: (state: AppenderState) => number) => {
    const collect = function collect(this: Gauge) {
      this.set(read(state()))
    }
    new Gauge({ name: `otn_ingress_funnel_${name}`, help, registers: [metrics], collect })
  }
  gauge('records', 'Records that wait for their send.', ({ queued }) => queued)
  gauge('bytes', 'Bytes that wait for their send.', ({ queuedBytes }) => queuedBytes)
  gauge('oldest_seconds', 'Age of the oldest waiting record.', ({ oldestMs }) => oldestMs / 1000)
  gauge('reachable', '1 while Kafka answers, 0 else.', ({ isReachable }) => (isReachable ? 1 : 0))
  gauge(
    'refused_partitions',
    'Kafka partitions refused since their last send failed.',
    ({ refusedPartitions }) => refusedPartitions.length,
  )
}

interface Tally {
  readonly result: 'fact' | 'quarantined' | 'counted'
  readonly kind: string
  readonly count: number
}

function tallyOf({ results }: WebhookReport): readonly Tally[] {
  const tallies = new Map<string, Tally>()
  const add = (result: Tally['result'], kind: string) => {
    const key = `${result} ${kind}`
    tallies.set(key, { result, kind, count: (tallies.get(key)?.count ?? 0) + 1 })
  }
  for (const result of results) {
    if (result.kind === 'counted') add('counted', result.as)
    else if (result.kind === 'quarantined') add('quarantined', result.reason)
    else for (const fact of result.facts) add('fact', fact.value.type)
  }
  return [...tallies.values()]
}

function line(report: WebhookReport): Readonly<Record<string, unknown>> {
  const { results, durationMs, ...fields } = report
  const counts: Record<string, Record<string, number>> = {}
  for (const { result, kind, count } of tallyOf(report)) {
    counts[result] = { ...counts[result], [kind]: count }
  }
  const rounded = Math.round(durationMs * 10) / 10
  return {
    event: 'webhook.received',
    ...fields,
    items: results.length,
    ...counts,
    durationMs: rounded,
  }
}
