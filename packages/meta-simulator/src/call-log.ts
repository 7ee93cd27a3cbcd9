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
  /** From here on the kept calls are not in `#countOfToken` yet: counted when somebody asks. */
  #uncounted = 0
  readonly #countOfToken = new Map<string, number>()
  #count = 0

  add(call: LoggedCall): void {
    this.#count += 1
    this.#calls.push(call)
    if (this.#calls.length <= 2 * CALLS_MAX) return
    // Halved, not shifted, so that a full log costs nothing per call.
    this.#countUp()
    this.#calls = this.#calls.slice(-CALLS_MAX)
    this.#uncounted = CALLS_MAX
  }

  callsWith(token: string): number {
    this.#countUp()
    return this.#countOfToken.get(token) ?? 0
  }

  count(): number {
    return this.#count
  }

  recent(): readonly LoggedCall[] {
    return this.#calls.slice(-CALLS_MAX)
  }

  #countUp(): void {
    for (; this.#uncounted < this.#calls.length; this.#uncounted += 1) {
      const token = this.#calls[this.#uncounted]?.token ?? null
      if (token === null) continue
      this.#countOfToken.set(token, (this.#countOfToken.get(token) ?? 0) + 1)
    }
  }
}
