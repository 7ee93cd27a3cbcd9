import { isAppError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { Killed } from './actor.ts'
import type { Universe } from './universe.ts'

const nothing = () => {}

/** Telemetry that tells nobody, but for what must never happen. */
export function laneTelemetry({ judge, coverage, claims }: Universe, actor: Actor) {
  return {
    attempted: ({ document, outcome }: AttemptedLine) => {
      coverage.answer(claims, document.id, outcome.kind)
    },
    lapsed: () => coverage.saw('attempting', 'lease lapsed'),
    waited: nothing,
    closed: nothing,
    settled: nothing,
    contradicted: ({ id }: { readonly id: string }) => judge.contradicted(id),
    recorded: nothing,
    parked: nothing,
    cancelled: nothing,
    tellFailed: (_document: unknown, error: unknown) => unexpected(error),
    lookFailed: (error: unknown) => unexpected(error),
    runFailed: (error: unknown) => unexpected(error),
  }

  function unexpected(error: unknown): void {
    if (!isAppError(error) && !(error instanceof Killed)) judge.bug(actor, error)
  }
}

interface AttemptedLine {
  readonly document: { readonly id: string }
  readonly outcome: { readonly kind: string }
}
