/** Things that are sent here and appear there: whoever sends one waits until it was seen. */
export interface Awaited {
  /** Resolves when it is seen, also where that was before. */
  of(id: string): Promise<void>
  seen(id: string): void
}

export function awaitById(): Awaited {
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  const entry = (id: string) => {
    const known = waiting.get(id) ?? Promise.withResolvers<void>()
    waiting.set(id, known)
    return known
  }
  return {
    of: async (id) => {
      await entry(id).promise
      waiting.delete(id)
    },
    seen: (id) => entry(id).resolve(),
  }
}
