import { Counter, Gauge, type Log, type Metrics } from '@otn/runtime'
import type { TellOnboarding, TellWatch } from './ports.ts'
import type { TellFold } from './projection/fold-batch.ts'

export interface Telemetry extends TellFold, TellOnboarding, TellWatch {
  engineAwaited(engine: string, error: unknown): void
}

/** One line per batch, step list and look; no token and no content of a request is in any. */
export function createTelemetry({
  log,
  metrics,
}: {
  readonly log: Log
  readonly metrics: Metrics
}): Telemetry {
  const { events, looks, alarms, requests } = measures(metrics)
  return {
    folded: ({ partition, records, next }) => {
      events.inc(records)
      const line = { partition, records, next: String(next), outcome: 'accepted' }
      log.info({ event: 'batch.folded', ...line }, 'batch folded')
    },
    recordUnusable: ({ partition, offset }, why) => {
      const line = { partition, offset: String(offset), reason: why, outcome: 'ignored' }
      log.error({ event: 'record.unusable', ...line }, 'page event cannot be read')
    },
    batchWaits: (partition, error) => {
      log.warn({ event: 'batch.waits', partition, error, outcome: 'retried' }, 'batch waits')
    },
    engineAwaited: (engine, error) => {
      log.warn({ event: 'service.waiting', engine, error }, 'engine cannot be reached')
    },
    stepped: (pageId, what, { isGreen, steps }) => {
      requests.inc({ what, outcome: isGreen ? 'done' : 'failed' })
      const failed = steps.find(({ outcome }) => outcome === 'failed')?.step ?? null
      const line = { pageId, what, failed, outcome: isGreen ? 'accepted' : 'refused' }
      log.info({ event: 'page.stepped', ...line }, 'page stepped')
    },
    watched: (pageId, { raised, cleared, gap, state }) => {
      looks.inc({ outcome: state.fault === null ? 'read' : 'unread' })
      alarms.set({ page: pageId }, state.alarms.length)
      for (const { alarm, severity, detail } of raised) {
        const line = { pageId, alarm, severity, detail }
        log.error({ event: 'alarm.raised', ...line }, 'alarm raised')
      }
      for (const { alarm } of cleared) {
        log.info({ event: 'alarm.cleared', pageId, alarm }, 'alarm cleared')
      }
      if (gap !== null) log.error({ event: 'gap.reported', pageId, ...gap }, 'gap reported')
    },
    notMended: (pageId, { reason, detail }) => {
      const line = { pageId, reason, detail, outcome: 'retried' }
      log.error({ event: 'subscription.not-mended', ...line }, 'subscription not mended')
    },
    watchFailed: (error) => {
      log.error({ event: 'watch.failed', error, outcome: 'retried' }, 'watch failed')
    },
    pageNotWatched: (pageId, error) => {
      log.error({ event: 'watch.failed', pageId, error, outcome: 'retried' }, 'page not watched')
    },
    alarmsOwed: (pageId, error) => {
      log.error({ event: 'alarms.owed', pageId, error, outcome: 'retried' }, 'alarms not told yet')
    },
    tokenUnreadable: (pageId, error) => {
      log.error({ event: 'page-token.unreadable', pageId, error }, 'page token does not open')
    },
  }
}

function measures(metrics: Metrics) {
  const registers = [metrics]
  return {
    events: new Counter({
      name: 'otn_registry_events_total',
      help: 'Page events folded.',
      registers,
    }),
    looks: new Counter({
      name: 'otn_registry_looks_total',
      help: 'Looks at the subscriptions of a page, by whether the platform said all of it.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    requests: new Counter({
      name: 'otn_registry_set_ups_total',
      help: 'Requests that change what is subscribed, by what they did.',
      labelNames: ['what', 'outcome'] as const,
      registers,
    }),
    alarms: new Gauge({
      name: 'otn_registry_alarms',
      help: 'Alarms of a page that stand.',
      labelNames: ['page'] as const,
      registers,
    }),
  }
}
