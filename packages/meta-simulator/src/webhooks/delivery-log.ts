/** What a developer can see of webhooks that did not arrive, and what nobody can see. */
import type { WebhookEvent } from '../domain/webhook-event.ts'

/** A post that was not received, as the dashboard's "recent errors" would show it. */
export interface RecentFault {
  /** The simulator's clock. */
  readonly atMs: number
  readonly pageIds: readonly string[]
  readonly reason: 'status' | 'time-out' | 'connection'
  readonly status: number | null
  readonly fault: string | null
  /** SHA-256 of the body, lower-case hex: whoever has the body finds its errors. */
  readonly bodySha256: string
  readonly events: number
  /** How often the body has gone out by now. */
  readonly posts: number
}

/** What Meta writes to the developer about a callback that fails. */
export interface DeveloperAlert {
  readonly atMs: number
  readonly kind: 'webhooks-failing' | 'webhooks-disabled'
  /** Pages with events that had not arrived; after `webhooks-disabled` they are unsubscribed. */
  readonly pageIds: readonly string[]
  readonly text: string
}

export type LossReason =
  | 'no-callback'
  | 'webhooks-disabled'
  | 'page-unsubscribed'
  | 'repeated-too-long'

/** An event that will never come. Meta keeps no history, so only the simulator can tell. */
export interface LostEvent {
  readonly atMs: number
  readonly pageId: string
  readonly field: string
  readonly reason: LossReason
}

const KEPT_MAX = 100

export class DeliveryLog {
  readonly #faults: RecentFault[] = []
  readonly #alerts: DeveloperAlert[] = []
  readonly #lost: LostEvent[] = []
  #lostCount = 0

  fail(fault: RecentFault): void {
    this.#faults.push(fault)
    if (this.#faults.length > KEPT_MAX) this.#faults.shift()
  }

  alert(alert: DeveloperAlert): void {
    this.#alerts.push(alert)
    if (this.#alerts.length > KEPT_MAX) this.#alerts.shift()
  }

  lose({ pageId, field }: WebhookEvent, reason: LossReason, atMs: number): void {
    this.#lostCount += 1
    this.#lost.push({ atMs, pageId, field, reason })
    if (this.#lost.length > KEPT_MAX) this.#lost.shift()
  }

  recentFaults(): readonly RecentFault[] {
    return this.#faults
  }

  alerts(): readonly DeveloperAlert[] {
    return this.#alerts
  }

  /** The newest; `lostCount` counts all. */
  lostEvents(): readonly LostEvent[] {
    return this.#lost
  }

  lostCount(): number {
    return this.#lostCount
  }
}
