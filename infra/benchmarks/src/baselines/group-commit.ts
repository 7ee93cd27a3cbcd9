/**
 * The least group commit there is: what is asked for while a send is under way goes with the next
 * one. Baselines have it because the services have it; else the design itself would be compared.
 */
export interface GroupLimits {
  readonly sizeMax: number
  readonly sendsMax: number
}

/** @returns resolves when the send that took the item is answered */
export function groupCommit<T>(
  send: (items: readonly T[]) => Promise<unknown>,
  { sizeMax, sendsMax }: GroupLimits,
): (item: T) => Promise<void> {
  const waiting: { readonly item: T; readonly settle: PromiseWithResolvers<void> }[] = []
  let sends = 0
  const work = async () => {
    sends += 1
    while (waiting.length > 0) {
      const taken = waiting.splice(0, sizeMax)
      try {
        await send(taken.map(({ item }) => item))
        for (const { settle } of taken) settle.resolve()
      } catch (error) {
        for (const { settle } of taken) settle.reject(error)
      }
    }
    sends -= 1
  }
  return (item) => {
    const settle = Promise.withResolvers<void>()
    waiting.push({ item, settle })
    if (sends < sendsMax) void work()
    return settle.promise
  }
}

/** So many callers do the work of a list, each one piece after the other. */
export async function byCallers<T>(
  pieces: readonly T[],
  callers: number,
  work: (piece: T) => Promise<unknown>,
): Promise<void> {
  const left = pieces.values()
  const caller = async () => {
    for (const piece of left) await work(piece)
  }
  await Promise.all(Array.from({ length: callers }, caller))
}
