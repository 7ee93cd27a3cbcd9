import { causeOf } from '../domain/webhook-answer.ts'
import type { WebhookHealth } from '../domain/webhook-health.ts'
import type { Answered, Authenticator } from '../ports.ts'

/** Puts a posted webhook on record, after its answer is out. */
export function onAnswered({
  health,
  digest,
  nowMs,
}: {
  readonly health: Pick<WebhookHealth, 'note'>
  readonly digest: Authenticator['digest']
  /** Null while no clock is known. */
  readonly nowMs: () => number | null
}): (answered: Answered) => void {
  return ({ status, durationMs, body, isSigned, pages, records }) => {
    const [cause, atMs] = [causeOf(status), nowMs()]
    if (cause === 'none' || atMs === null) return
    // What needed no log says nothing of it: such a 200 must not end a run of failures.
    if (cause === null && records === 0) return
    // A digest is for the recent errors alone.
    const bodySha256 = cause === null || body === undefined ? null : digest(body)
    health.note({ atMs, durationMs, cause, isSigned, pages, bodySha256 })
  }
}
