/** What the facts about one command add up to. Pure; shared with the command line. */
import type { NotificationEvent } from '@otn/contracts'
import { assertNever, type Fold } from '@otn/kernel'

/** A final fact of a command. Two different ones of the same command never stand in the log. */
type FinalFact = Extract<
  NotificationEvent,
  { readonly type: 'NotificationSent' | 'NotificationFailed' | 'NotificationCancelled' }
>
type OpenFact = Extract<
  NotificationEvent,
  { readonly type: 'NotificationScheduled' | 'NotificationAttempted' }
>

export interface CommandState {
  readonly final: FinalFact | null
  readonly doubt: Extract<NotificationEvent, { readonly type: 'NotificationInDoubt' }> | null
  /** The youngest fact that leaves the command open. */
  readonly open: OpenFact | null
  /** Another content came under the same id; it changed nothing. */
  readonly rejected: Extract<NotificationEvent, { readonly type: 'CommandRejected' }> | null
}

/**
 * Folds the facts of one command. Repeats add nothing, and since a final fact stands whatever
 * follows, the order between partitions does not matter.
 */
export const commandFold: Fold<CommandState, NotificationEvent> = {
  initialState: { final: null, doubt: null, open: null, rejected: null },
  evolve: (state, event) => {
    switch (event.type) {
      case 'NotificationSent':
      case 'NotificationFailed':
      case 'NotificationCancelled':
        return { ...state, final: stronger(state.final, event) }
      case 'NotificationInDoubt':
        return { ...state, doubt: event }
      case 'NotificationAttempted':
      case 'NotificationScheduled':
        return { ...state, open: younger(state.open, event) }
      case 'CommandRejected':
        return { ...state, rejected: event }
      default:
        return assertNever(event)
    }
  },
}

const RANKS: Readonly<Record<FinalFact['type'], number>> = {
  NotificationCancelled: 0,
  NotificationFailed: 1,
  NotificationSent: 2,
}

/** There is one final fact; should two ever differ, all readers must settle on the same one. */
function stronger(known: FinalFact | null, event: FinalFact): FinalFact {
  return known !== null && RANKS[known.type] >= RANKS[event.type] ? known : event
}

/** Attempt k comes before the Scheduled that closes it, which comes before attempt k + 1. */
function younger(known: OpenFact | null, event: OpenFact): OpenFact {
  if (known === null || event.attempt > known.attempt) return event
  if (event.attempt < known.attempt) return known
  return event.type === 'NotificationScheduled' ? event : known
}
