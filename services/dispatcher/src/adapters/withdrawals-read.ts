import { coalesce } from './coalesce.ts'

export interface WithdrawalsReadParts {
  /** Where the token events end now, in partition order. */
  readonly readEnds: () => Promise<readonly bigint[]>
  /** How far this deployment has folded one partition of them; null = its database is gone. */
  readonly readCursor: (partition: number) => Promise<bigint | null>
}

/** Who asks at the same time shares one answer. */
const SHARED_MAX = 10_000

/**
 * Whether every withdrawal that is on the log when it is asked was folded, whichever process of the
 * deployment folds it: only then does the look before a call (`Gate`) know of it. A partition that
 * was found folded to an end is asked for again once it has another end.
 */
export function createWithdrawalsRead({
  readEnds,
  readCursor,
}: WithdrawalsReadParts): () => Promise<boolean> {
  const folded: bigint[] = []
  const isFolded = async (partition: number, end: bigint): Promise<boolean> => {
    if (end <= (folded[partition] ?? 0n)) return true
    const cursor = await readCursor(partition)
    if (cursor === null) return false
    folded[partition] = cursor
    return cursor >= end
  }
  const look = async (): Promise<boolean> => {
    const ends = await readEnds()
    const answers = await Promise.all(ends.map((end, partition) => isFolded(partition, end)))
    return !answers.includes(false)
  }
  const shared = coalesce<null, boolean>(
    async (askers) => {
      const answer = await look()
      return askers.map(() => answer)
    },
    { sizeMax: SHARED_MAX, callsMax: 1 },
  )
  return () => shared(null)
}
