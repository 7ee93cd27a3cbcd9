import { Gauge, type Metrics } from '@otn/runtime'
import type { WebhookAlarm } from './domain/webhook-alarms.ts'
import type { FailingRun } from './domain/webhook-health.ts'

/** What metrics show of the health of webhooks, read whenever they are asked for. */
export interface HealthNow {
  readonly run: FailingRun | null
  readonly nowMs: number
  readonly alarms: readonly WebhookAlarm[]
}

const ALARMS = [
  { alarm: 'webhook-failing', severity: 'warning' },
  { alarm: 'webhook-failing', severity: 'critical' },
  { alarm: 'webhook-slow', severity: 'warning' },
  { alarm: 'webhook-unverified', severity: 'warning' },
  { alarm: 'spool-holding', severity: 'warning' },
  { alarm: 'spool-full', severity: 'critical' },
  { alarm: 'spool-damaged', severity: 'critical' },
] as const

export function observeHealth(metrics: Metrics, now: () => HealthNow): void {
  const registers = [metrics]
  new Gauge({
    name: 'otn_ingress_failing_seconds',
    help: 'Since when no webhook was answered 200 though some should have been; 0 = none failed.',
    registers,
    collect() {
      const { run, nowMs } = now()
      this.set(run === null ? 0 : Math.max(0, nowMs - run.sinceMs) / 1000)
    },
  })
  new Gauge({
    name: 'otn_ingress_alarm',
    help: '1 while the alarm stands, 0 else.',
    labelNames: ['alarm', 'severity'],
    registers,
    collect() {
      const { alarms } = now()
      for (const { alarm, severity } of ALARMS) {
        const stands = alarms.some((one) => one.alarm === alarm && one.severity === severity)
        this.set({ alarm, severity }, stands ? 1 : 0)
      }
    },
  })
}
