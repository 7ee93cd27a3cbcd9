import type { PartitionId } from '../ports.ts'

/** What this process remembers of a partition between batches; nothing of it decides alone. */
export interface PartitionMemory {
  /** Runs after what came before for this partition has ended. */
  inTurn<T>(where: PartitionId, work: () => Promise<T>): Promise<T>
  /** @returns whether this very gap was met before: then seeking again brings nothing */
  hasSought(where: PartitionId, gap: Gap): boolean
  /** A batch began where the cursor stands: there is no gap any more. */
  reached(where: PartitionId): void
  succeeded(where: PartitionId): void
  /** @returns how long to wait now, longer with each failure */
  failed(where: PartitionId): number
}

export interface Gap {
  readonly from: bigint
  readonly to: bigint
}

const WAIT_MS = 100
const WAIT_MS_MAX = 5_000

interface Remembered {
  turn: Promise<unknown>
  gap: Gap | null
  failures: number
}

export function createPartitionMemory(): PartitionMemory {
  const partitions = new Map<string, Remembered>()
  const of = ({ topic, partition }: PartitionId): Remembered => {
    const key = `${topic}/${partition}`
    const known = partitions.get(key) ?? { turn: Promise.resolve(), gap: null, failures: 0 }
    partitions.set(key, known)
    return known
  }
  return {
    inTurn: (where, work) => {
      const known = of(where)
      const result = known.turn.then(work)
      known.turn = result.catch(() => {})
      return result
    },
    hasSought: (where, gap) => {
      const known = of(where)
      const isSame = known.gap?.from === gap.from && known.gap.to === gap.to
      known.gap = gap
      return isSame
    },
    reached: (where) => {
      of(where).gap = null
    },
    succeeded: (where) => {
      of(where).failures = 0
    },
    failed: (where) => {
      const known = of(where)
      known.failures += 1
      return Math.min(WAIT_MS_MAX, WAIT_MS * 2 ** (known.failures - 1))
    },
  }
}
