/** Waits for something to be true, looked at whenever it may have become so. */
export interface Moments {
  /** Resolves when `isNow` says so, at once or after one of the next looks. */
  when(isNow: () => boolean): Promise<void>
  look(): void
}

export function createMoments(): Moments {
  let waiting: { readonly isNow: () => boolean; readonly resolve: () => void }[] = []
  return {
    when: (isNow) =>
      new Promise((resolve) => {
        if (isNow()) resolve()
        else waiting.push({ isNow, resolve })
      }),
    look: () => {
      if (waiting.length === 0) return
      const reached = waiting.filter(({ isNow }) => isNow())
      waiting = waiting.filter((one) => !reached.includes(one))
      for (const { resolve } of reached) resolve()
    },
  }
}
