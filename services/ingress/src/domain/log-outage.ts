/** Since when the log takes nothing, and whether webhooks go to the spool meanwhile. No clock. */
export interface LogOutage {
  /** The log took a webhook not; true = for so long that webhooks go to the spool. */
  failed(nowMs: number): boolean
  /** The log took one, of the present or of the spool: webhooks go to it again. */
  answered(): void
  /** A webhook is on the spool: those that follow go there without asking the log. */
  spooled(): void
  /** Nothing is on the spool: the log is asked again. */
  askAgain(): void
  isSpooling(): boolean
}

/** @param afterMs business time between the first failure and the first webhook on the spool */
export function createLogOutage(afterMs: number): LogOutage {
  let sinceMs: number | null = null
  let isSpooling = false
  return {
    failed: (nowMs) => {
      sinceMs ??= nowMs
      return nowMs - sinceMs >= afterMs
    },
    answered: () => {
      sinceMs = null
      isSpooling = false
    },
    spooled: () => {
      isSpooling = true
    },
    askAgain: () => {
      isSpooling = false
    },
    isSpooling: () => isSpooling,
  }
}
