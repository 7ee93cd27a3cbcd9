import { type Clock, isAppError } from '@otn/kernel'
import type { LogOutage } from '../domain/log-outage.ts'
import type { Spool, TakeWebhook, TellSpool, VerifiedWebhook } from '../ports.ts'

export interface SpoolWebhookPorts {
  /** To the log. */
  readonly take: TakeWebhook
  readonly spool: Pick<Spool, 'append' | 'state'>
  readonly outage: LogOutage
  readonly clock: Clock
  readonly tell: Pick<TellSpool, 'spooled' | 'notSpooled'>
  readonly deadlineMs: number
}

/** What a log that did not answer leaves to the disk; both together stay below 3 s. */
const SPOOL_MS_MIN = 400

/** Says that it is kept, whatever records it will come to. */
const KEPT = 1

/**
 * Takes a webhook to the log or, where the log has been away for long, to the spool. While webhooks
 * go to the spool the log is asked by the draining alone: nobody waits for it in vain.
 */
export function spoolWebhook(ports: SpoolWebhookPorts): TakeWebhook {
  const { take, outage, clock } = ports
  return async (webhook, elapsedMs) => {
    if (outage.isSpooling()) return keep(webhook, elapsedMs, ports)
    try {
      const records = await take(webhook, elapsedMs)
      // What needed no log says nothing of it.
      if (records > 0) outage.answered()
      return records
    } catch (error) {
      if (!isAppError(error, 'OTN_HTTP_UNAVAILABLE') || !outage.failed(clock.nowMs())) throw error
      return keep(webhook, elapsedMs, ports)
    }
  }
}

async function keep(
  webhook: VerifiedWebhook,
  elapsedMs: () => number,
  { spool, outage, tell, deadlineMs }: SpoolWebhookPorts,
): Promise<number> {
  try {
    await spool.append(webhook, Math.max(deadlineMs - elapsedMs(), SPOOL_MS_MIN))
  } catch (error) {
    tell.notSpooled(error)
    if (spool.state().segments === 0) outage.askAgain()
    throw error
  }
  outage.spooled()
  tell.spooled(webhook)
  return KEPT
}
