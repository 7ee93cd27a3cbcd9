/** One question of the source documents, with a short answer and what shows that it is true. */
export interface FaqEntry {
  /** Kebab-case; links and scripts rest on it. */
  readonly id: string
  readonly question: string
  /** A few sentences for people. */
  readonly answer: string
  /** The requirements that it speaks of, the nearest first. */
  readonly requirements: readonly string[]
  /** Test files that show it, relative to the root; empty while nothing does. */
  readonly tests: readonly string[]
}
