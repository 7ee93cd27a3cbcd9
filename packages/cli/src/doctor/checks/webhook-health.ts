import { ingressHealthSettings } from '../../cli-settings.ts'
import { callService, type JsonObject } from '../../http/call-service.ts'
import { defineCheck } from '../check.ts'
import { counted, type Finding, ok, toFix, warn } from '../finding.ts'
import type { Place } from '../place.ts'
import { plainText } from '../plain-text.ts'

const MINUTE_MS = 60_000

export interface WebhookFacts {
  readonly nowMs: number
  /** Since when no webhook was answered 200 though some came; null = no such run. */
  readonly failingSinceMs: number | null
  readonly alarms: readonly { readonly alarm: string; readonly detail: string }[]
  readonly recentErrors: number
  readonly signaturesRefused: number
  readonly accepted: number
}

export const webhookHealth = defineCheck({
  id: 'webhook-health',
  needs: ['ingress'],
  read: readWebhookHealth,
  judge: judgeWebhookHealth,
})

async function askWebhookHealth({ context, shell }: Place): Promise<JsonObject> {
  const door = { name: 'ingress', fetch: shell.fetch, ...context.read(ingressHealthSettings) }
  return callService(door, { path: '/v1/webhook/health' })
}

async function readWebhookHealth(place: Place): Promise<WebhookFacts> {
  const answer = await askWebhookHealth(place)
  const { signature }: JsonObject = Object(answer.refused)
  const alarms: readonly JsonObject[] = Array.isArray(answer.alarms) ? answer.alarms : []
  return {
    nowMs: place.shell.nowMs(),
    failingSinceMs: typeof answer.failingSinceMs === 'number' ? answer.failingSinceMs : null,
    alarms: alarms.map(({ alarm, detail }) => ({
      alarm: plainText(alarm),
      detail: plainText(detail),
    })),
    recentErrors: Array.isArray(answer.recentErrors) ? answer.recentErrors.length : 0,
    signaturesRefused: Number(signature) || 0,
    accepted: Number(answer.accepted) || 0,
  }
}

/** The platform alerts after 15 minutes without a 200 and unsubscribes after an hour. */
export function judgeWebhookHealth(facts: WebhookFacts): readonly Finding[] {
  const { nowMs, failingSinceMs, alarms, recentErrors, signaturesRefused, accepted } = facts
  const fix = 'pnpm otn webhook errors'
  const standing = alarms.map(({ alarm, detail }) => toFix(`${alarm}: ${detail}`, fix))
  const failing = failingSinceMs === null ? [] : [failingFinding(nowMs - failingSinceMs)]
  if (standing.length + failing.length > 0) return [...failing, ...standing]
  if (accepted === 0 && signaturesRefused > 0) {
    const sentence = `${counted(signaturesRefused, 'signature')} refused and none verified`
    return [toFix(sentence, 'set META_APP_SECRET to the secret of the app, the newest first')]
  }
  if (recentErrors === 0) {
    return [ok(accepted === 0 ? 'no webhook came lately' : 'webhooks are answered 200')]
  }
  const sentence = `${counted(recentErrors, 'recent error')} of webhooks, none of them lasting`
  return [warn(sentence, fix)]
}

function failingFinding(forMs: number): Finding {
  const minutes = Math.max(0, Math.floor(forMs / MINUTE_MS))
  const sentence =
    `no webhook was answered 200 for ${minutes} min: ` +
    'the platform alerts after 15 min and unsubscribes app and pages after an hour'
  return toFix(sentence, 'pnpm otn webhook errors')
}
