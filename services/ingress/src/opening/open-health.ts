import { hostname } from 'node:os'
import type { Clock } from '@otn/kernel'
import {
  authorize,
  type HttpServer,
  type Metrics,
  pepperKey,
  readApiKeys,
  type Scope,
} from '@otn/runtime'
import { createIdentity } from '@otn/vault'
import { startTicker } from '../adapters/ticker.ts'
import type { IngressValues } from '../config.ts'
import type { SpoolState } from '../domain/spool-state.ts'
import { createWebhookHealth } from '../domain/webhook-health.ts'
import { everySecond } from '../handlers/every-second.ts'
import { getWebhookHealth } from '../handlers/get-webhook-health.ts'
import { onAnswered } from '../handlers/on-answered.ts'
import { observeHealth } from '../health-metrics.ts'
import type { Answered, Authenticator, PublishAlarms, TellAlarms } from '../ports.ts'

const SECOND_MS = 1_000

export interface HealthParts {
  readonly metrics: Metrics
  readonly tell: TellAlarms
  readonly digest: Authenticator['digest']
  /** Known from the start in production; null until a virtual clock is followed. */
  readonly clock: () => Clock | null
  readonly spool: () => SpoolState | null
  /** Null while the log is not open. */
  readonly publish: () => PublishAlarms | null
}

export interface OpenHealth {
  readonly onAnswered: (answered: Answered) => void
  readonly serve: (app: HttpServer) => void
  readonly close: () => void
}

/**
 * The record of answers, its alarms and its route. It stands before the log does: what is refused
 * during a start is on record too. @throws OTN_CONFIG_INVALID where the keys cannot be read
 */
export function openHealth(values: IngressValues, parts: HealthParts): OpenHealth {
  const { metrics, tell, digest, clock, publish, spool } = parts
  const nowMs = () => clock()?.nowMs() ?? null
  const health = createWebhookHealth(values)
  const identity = createIdentity(pepperKey(values.personPepper))
  const instance = values.instance ?? hostname()
  const shared = { health, identity, instance, tell, nowMs }
  const watch = everySecond({ ...shared, limits: values, spool, publish })
  const now = () => {
    const at = nowMs() ?? 0
    return { ...health.report(at), nowMs: at, alarms: watch.standing() }
  }
  // With a virtual clock it is known only once that is followed.
  let sinceMs: number | null = null
  const keys = values.apiKeysFile === null ? [] : readApiKeys(values.apiKeysFile)
  const mayCall = (scope: Scope) => authorize(keys, scope)
  const { windowMinutes } = values
  const begin = () => {
    sinceMs ??= nowMs()
    return sinceMs
  }
  begin()
  const read = () => ({ ...now(), sinceMs: begin(), windowMinutes, spool: spool() })
  observeHealth(metrics, now)
  const tick = () => {
    begin()
    void watch.run()
  }
  const ticker = startTicker(tick, SECOND_MS)
  return {
    onAnswered: onAnswered({ health, digest, nowMs }),
    serve: (app) => getWebhookHealth(app, { read, mayCall }),
    close: ticker.close,
  }
}
