/** An end older than this is asked for anew; it stays right, only more would be read. */
const FRESH_MS = 1_000

export type RecentEnd = () => Promise<readonly bigint[]>

/**
 * Where the log ended a moment ago. Because ends only grow, an earlier one is a safe beginning for
 * whatever is written later: callers within a second share one question, and while Kafka does not
 * answer the last known end serves.
 * @param nowMs monotonic milliseconds
 */
export function recentEnd(
  ask: () => Promise<readonly bigint[]>,
  nowMs: () => number = () => performance.now(),
): RecentEnd {
  let known: { readonly end: readonly bigint[]; readonly askedAtMs: number } | null = null
  let asking: Promise<readonly bigint[]> | null = null
  const refresh = async (): Promise<readonly bigint[]> => {
    const askedAtMs = nowMs()
    try {
      const end = await ask()
      known = { end, askedAtMs }
      return end
    } catch (error) {
      if (known === null) throw error
      return known.end
    } finally {
      asking = null
    }
  }
  return async () => {
    if (known !== null && nowMs() - known.askedAtMs < FRESH_MS) return known.end
    asking ??= refresh()
    return asking
  }
}
