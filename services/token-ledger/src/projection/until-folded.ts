import { setTimeout as delay } from 'node:timers/promises'
import type { LedgerTopic, Offsets } from '../ports.ts'

export interface Folding {
  /** Where the log ends now. @throws OTN_BUS_UNREACHABLE */
  readonly readEnds: <Topic extends LedgerTopic>(
    topics: readonly Topic[],
  ) => Promise<Readonly<Record<Topic, readonly bigint[]>>>
  /** How far it is folded. @throws OTN_STORE_UNREACHABLE, OTN_STORE_GENERATION_LOST */
  readonly readCursors: () => Promise<Offsets>
}

const LOOK_MS = 50

/** @returns whether everything that is on these Kafka topics now was folded within `limitMs` */
export async function untilFolded<Topic extends LedgerTopic>(
  { readEnds, readCursors }: Folding,
  { topics, limitMs }: { readonly topics: readonly Topic[]; readonly limitMs: number },
): Promise<boolean> {
  const giveUpAt = performance.now() + limitMs
  const ends = await readEnds(topics)
  for (;;) {
    const next = await readCursors()
    const isFolded = topics.every((topic) =>
      ends[topic].every((end, partition) => (next[topic][partition] ?? 0n) >= end),
    )
    if (isFolded || performance.now() >= giveUpAt) return isFolded
    await delay(LOOK_MS)
  }
}
