/** A verdict in the words of people: how it stands, what it means, what can happen next. */
export interface Verdict {
  readonly mark: 'good' | 'bad' | 'open'
  /** Stable word for programs: sent, failed, cancelled, in-doubt, waiting, attempting, … */
  readonly state: string
  readonly sentence: string
  /** Kebab-case code, where one applies. */
  readonly reason: string | null
  readonly next: readonly string[]
}
