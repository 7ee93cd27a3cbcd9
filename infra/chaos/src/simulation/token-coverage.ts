/** Which facts met a token in which state, seen by the ledger's own folds as they fold. */
import type { NotificationEvent, OptInReceived, TokenEvent } from '@otn/contracts'
import { type EventHandlers, tokenView } from '@otn/token-ledger/decisions'
import type { Coverage } from './coverage.ts'

type Folds = ReturnType<EventHandlers['optIn']>
type Fold = NonNullable<Folds['tokens']>[number]

/** The same folds, each of which tells which state it met. */
export function watchedFolds(handlers: EventHandlers, coverage: Coverage): EventHandlers {
  const watch = <Event extends TokenFact>(handle: (event: Event) => Folds) => {
    return (event: Event): Folds => {
      const folds = handle(event)
      const name = tokenEventOf(event)
      const tokens = (folds.tokens ?? []).map(({ id, evolve }): Fold => {
        return {
          id,
          evolve: (token) => {
            coverage.saw(`token ${tokenView(token)?.state ?? 'none'}`, name)
            return evolve(token)
          },
        }
      })
      return { ...folds, tokens }
    }
  }
  const { optIn, notification, token } = handlers
  const watched = { optIn: watch(optIn), notification: watch(notification), token: watch(token) }
  return { ...handlers, ...watched }
}

type TokenFact = OptInReceived | NotificationEvent | TokenEvent

/** A fact by what it says of its token. */
function tokenEventOf(event: TokenFact): string {
  if (event.type === 'NotificationScheduled') {
    return event.tokenReleased === true ? `${event.type}, token free` : `${event.type}, token held`
  }
  if (event.type !== 'NotificationFailed') return event.type
  if (event.tokenReleased !== true) return `${event.type}, token dead`
  const isBare = event.graphCode === 100 && (event.graphSubcode ?? null) === null
  return isBare ? `${event.type}, bare refusal` : `${event.type}, token free`
}
