/** Why something cannot be sent again, in a sentence that shows nobody's data. */
export interface Hindrance {
  /** Kebab-case; where there is one, the reason code. */
  readonly code: string
  readonly text: string
}
