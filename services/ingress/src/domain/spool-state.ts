/** What the spool holds, as alarms, metrics and the health route show it. */
export interface SpoolState {
  /** On disk and on the way there. */
  readonly bytes: number
  readonly bytesMax: number
  /** Files that hold webhooks which the log has not. */
  readonly segments: number
  /** When the oldest webhook of it came; null where nothing is held, or it was not read yet. */
  readonly oldestAtMs: number | null
  /** No room for another webhook of the largest size. */
  readonly isFull: boolean
  /** Files set aside because not all of them could be read: webhooks answered 200 may be lost. */
  readonly damaged: number
}
