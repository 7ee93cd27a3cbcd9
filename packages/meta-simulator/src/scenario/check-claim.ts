/** Compares what a step claims with what is true; every difference is one sentence. */
import { isDeepStrictEqual } from 'node:util'

import type { Truth } from '../control/truth-control.ts'
import type { WebhookStatus } from '../control/webhook-control.ts'
import type { Claim } from './scenario.ts'

export interface Reality {
  /** The truth about the person of the claim; null for a claim about nobody. */
  readonly truth: Truth | null
  readonly webhooks: WebhookStatus
  readonly nowMs: number
  /** Events that had been lost when the scenario began, and alerts that had been given. */
  readonly before: { readonly lost: number; readonly alerts: number }
}

/** What is not as claimed; none = the claim holds. */
export function checkClaim(claim: Claim, reality: Reality): readonly string[] {
  const found = { ...aboutPerson(reality), ...aboutWebhooks(reality) }
  const wanted = { ...claim, ...claim.webhooks }
  return Object.entries(found).flatMap(([name, value]) => {
    const claimed: unknown = Object.entries(wanted).find(([key]) => key === name)?.[1]
    if (claimed === undefined || isDeepStrictEqual(claimed, value)) return []
    return [`${name} is ${JSON.stringify(value)}, wanted is ${JSON.stringify(claimed)}`]
  })
}

function aboutPerson({ truth, nowMs }: Reality) {
  const person = truth?.people[0]
  if (truth === null || person === undefined) return {}
  const withToken = truth.deliveries.filter(({ route }) => route === 'token')
  return {
    tokens: truth.tokens.map(({ state }) => state),
    received: withToken.map(({ message }) => message.text),
    calls: truth.calls.filter(({ token }) => token !== null).length,
    windowOpen: nowMs < (person.windowOpenUntilMs ?? -Infinity),
    blocked: person.blocked,
    deleted: person.deleted,
    stopped: person.stopped,
  }
}

function aboutWebhooks({ webhooks, before }: Reality) {
  return {
    waiting: webhooks.waiting,
    disabled: webhooks.disabled,
    alerts: webhooks.alerts.slice(before.alerts).map(({ kind }) => kind),
    lost: webhooks.lost - before.lost,
  }
}
