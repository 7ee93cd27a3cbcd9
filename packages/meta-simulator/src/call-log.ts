/** What reached the Send API, for the hidden truth: whether and how often a caller called. */
import type { StruckAnswer } from './domain/knobs.ts'

export interface LoggedCall {
  /** The simulator's clock when the call was judged or struck. */
  readonly atMs: number
  readonly pageId: string | null
  readonly psid: string | null
  readonly token: string | null
  readonly metadata: string | null
  readonly outcome: 'delivered' | 'answered' | 'refused' | 'not-judged'
  /** The judge's code, not the one a knob put in its place. */
  readonly code: number | null
  readonly subcode: number | null
  readonly knobId: string | null
  /** What the caller got: the judge's answer, or what a knob made of it. */
  readonly answered: StruckAnswer['kind']
}

/** The newest calls are kept whole, all are counted. */
const CALLS_MAX = 10_000

export class CallLog {
  #calls: LoggedCall[] = []
  readonly #called = new Set<string>()
  /** Of tokens with more calls than one: few, so that most calls are one look-up. */
  readonly #repeats = new Map<string, number>()
  #count = 0

  add(call: LoggedCall): void {
    this.#count += 1
    this.#calls.push(call)
    // Halved, not shifted, so that a full log costs nothing per call.
    if (this.#calls.length > 2 * CALLS_MAX) this.#calls = this.#calls.slice(-CALLS_MAX)
    if (call.token === null) return
    const before = this.#called.size
    this.#called.add(call.token)
    if (this.#called.size > before) return
    this.#repeats.set(call.token, (this.#repeats.get(call.token) ?? 0) + 1)
  }

  callsWith(token: string): number {
    if (!this.#called.has(token)) return 0
    return 1 + (this.#repeats.get(token) ?? 0)
  }

  count(): number {
    return this.#count
  }

  recent(): readonly LoggedCall[] {
    return this.#calls.slice(-CALLS_MAX)
  }
}
