import type { Actor, ActorKind } from './actor.ts'

export type ScriptedFault =
  | 'crash-before'
  | 'crash-after'
  | 'freeze-before'
  | 'freeze-after'
  | 'refused'
  | 'lost'
  | 'late'
  | WorldFault

/** What strikes at this moment is not the call but the world around it. */
export type WorldFault = 'jump-on' | 'jump-back' | 'step-down' | 'emptied' | 'log-loss'

const WORLD_FAULTS: ReadonlySet<string> = new Set<WorldFault>([
  'jump-on',
  'jump-back',
  'step-down',
  'emptied',
  'log-loss',
])

export function isWorldFault(fault: ScriptedFault): fault is WorldFault {
  return WORLD_FAULTS.has(fault)
}

/** One fault at one place: the n-th call of this name by any process of this kind. */
export interface Cue {
  readonly by: ActorKind
  /** Label of the call, with what it is about: `store.write claim`. */
  readonly call: string
  /** From 1. */
  readonly nth: number
  readonly fault: ScriptedFault
}

/** Faults put where they are wanted, in place of chance. */
export class Script {
  readonly #cues: readonly Cue[]
  readonly #seen = new Map<string, number>()
  /** Every call that could have had a cue, in order, for whoever lists them. */
  readonly calls: { readonly by: ActorKind; readonly call: string; readonly nth: number }[] = []
  #met = 0
  readonly #isListing: boolean

  constructor(cues: readonly Cue[], isListing = false) {
    this.#cues = cues
    this.#isListing = isListing
  }

  /** Every cue was met. */
  get isMet(): boolean {
    return this.#met === this.#cues.length
  }

  planOf(actor: Actor, call: { readonly label: string; readonly about?: string }) {
    if (this.#cues.length === 0 && !this.#isListing) return null
    const name = call.about ? `${call.label} ${call.about}` : call.label
    const key = `${actor.kind} ${name}`
    const nth = (this.#seen.get(key) ?? 0) + 1
    this.#seen.set(key, nth)
    if (this.#isListing) this.calls.push({ by: actor.kind, call: name, nth })
    const cue = this.#cues.find((c) => c.nth === nth && c.call === name && c.by === actor.kind)
    if (cue) this.#met += 1
    return cue?.fault ?? null
  }
}
