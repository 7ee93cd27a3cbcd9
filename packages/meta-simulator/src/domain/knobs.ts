/** Faults on purpose: which calls of the Send API they strike, and what they do to them. */

import type { Situation } from './faults.ts'

/** What a struck call gets to see instead of the judge's answer. */
export type StruckAnswer =
  /** The judge's own answer; for delays alone. */
  | { readonly kind: 'genuine' }
  /** The connection ends without a byte of answer. */
  | { readonly kind: 'cut-connection' }
  /** An error envelope with this code. */
  | {
      readonly kind: 'error'
      /** Of the table of faults; `code` and the rest replace its members. */
      readonly name?: Situation | undefined
      readonly status?: number | undefined
      readonly code?: number | undefined
      readonly subcode?: number | undefined
      readonly message?: string | undefined
      readonly transient?: boolean | undefined
    }
  /** A rate limit with its usage headers. */
  | {
      readonly kind: 'throttle'
      readonly code: 4 | 17 | 32 | 341 | 613 | 80006
      readonly status: number
      readonly regainMinutes: number
    }
  /** The genuine answer, whole on the wire but ending in the middle of its JSON. */
  | { readonly kind: 'cut-json' }
  /** A page of a proxy in between. */
  | { readonly kind: 'html'; readonly status: number }
  /** A status and nothing else. */
  | { readonly kind: 'empty'; readonly status: number }

export interface Knob {
  readonly id: string
  /** The edge of the calls it strikes. */
  readonly edge: string
  /** Which calls it can strike; every call when all are absent. */
  readonly pageId?: string | undefined
  readonly psid?: string | undefined
  readonly token?: string | undefined
  /** Matching calls that pass unharmed first. */
  readonly skip: number
  /** Calls it strikes before it is used up; null = until it is removed. */
  readonly times: number | null
  /** The share of matching calls it strikes, 0 to 1. */
  readonly share: number
  /** Whether the call is judged, and its message delivered, although the answer is another. */
  readonly deliver: boolean
  /** Waiting before the call is judged, and between judging and answering; real milliseconds. */
  readonly waitBeforeMs: number
  readonly waitAfterMs: number
  readonly answer: StruckAnswer
  /** What becomes of the echo of a message that goes out; as the switches say when absent. */
  readonly echo?: EchoFate | undefined
  /** How long a late echo is held back, real milliseconds. */
  readonly echoDelayMs: number
}

export type EchoFate = 'present' | 'absent' | 'late' | 'doubled'

/** What of a call decides whether a knob strikes it. */
export interface SendCall {
  readonly edge: string
  readonly pageId: string | null
  readonly psid: string | null
  readonly token: string | null
}

export interface Strike {
  /** The knob that strikes, if any: the oldest that matches. */
  readonly knob: Knob | null
  /** The knobs as they stand after this call; used-up ones are gone. */
  readonly knobs: readonly Knob[]
}

/** Decides which knob strikes a call. `draw` is from 0 (included) to 1 (excluded). */
export function strike(knobs: readonly Knob[], call: SendCall, draw: number): Strike {
  const knob = knobs.find((candidate) => matches(candidate, call))
  if (knob === undefined) return { knob: null, knobs }
  if (knob.skip > 0) return { knob: null, knobs: replace(knobs, { ...knob, skip: knob.skip - 1 }) }
  if (draw >= knob.share) return { knob: null, knobs }
  if (knob.times === null) return { knob, knobs }
  return { knob, knobs: replace(knobs, { ...knob, times: knob.times - 1 }) }
}

function matches({ edge, pageId, psid, token }: Knob, call: SendCall): boolean {
  if (edge !== call.edge) return false
  if (pageId !== undefined && pageId !== call.pageId) return false
  if (psid !== undefined && psid !== call.psid) return false
  return token === undefined || token === call.token
}

function replace(knobs: readonly Knob[], changed: Knob): readonly Knob[] {
  return knobs
    .map((knob) => (knob.id === changed.id ? changed : knob))
    .filter(({ times }) => times !== 0)
}
