import { isReasonCode, reasons } from '@otn/contracts'
import type { CommandState } from './command-state.ts'
import type { Explained, Outcome } from './notifier.ts'

/** The outcome that the facts known so far add up to. */
export function outcomeOf({ final, doubt, open, rejected }: CommandState): Outcome {
  switch (final?.type) {
    case 'NotificationSent': {
      const { at, certainty, messageId } = final
      return { state: 'sent', at, messageId: messageId ?? null, certainty }
    }
    case 'NotificationFailed': {
      const tokenReleased = final.tokenReleased ?? false
      return { state: 'failed', at: final.at, ...explain(final.reason), tokenReleased }
    }
    case 'NotificationCancelled':
      return { state: 'cancelled', at: final.at }
    case undefined:
      break
  }
  if (doubt) return { state: 'in-doubt', at: doubt.at, ...explain(doubt.reason) }
  if (rejected) {
    return { state: 'failed', at: rejected.at, ...explain(rejected.reason), tokenReleased: true }
  }
  if (open?.type !== 'NotificationScheduled') return { state: 'pending' }
  return { state: 'pending', dueAt: open.dueAt, ...explain(open.reason) }
}

/** Whether more facts could change it. */
export function isFinal({ state }: Outcome): boolean {
  return state !== 'pending' && state !== 'in-doubt'
}

/** A reason with its row of the table; a code younger than this build explains itself. */
export function explain(reason: string): Explained {
  if (isReasonCode(reason)) return { reason, ...reasons[reason] }
  const next = `See ${reason} in docs/errors.md of the deployment.`
  return { reason, meaning: 'A reason younger than this client', who: 'caller', next }
}
