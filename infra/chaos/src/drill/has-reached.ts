/** Next offset of each partition, in partition order, by whatever names a Kafka topic. */
type Offsets = Readonly<Partial<Record<string, readonly bigint[]>>>

/** Whether a reader at these positions has read everything below the ends; unknown = it has not. */
export function hasReached(positions: Offsets | undefined, ends: Offsets): boolean {
  return Object.entries(ends).every(([topic, offsets = []]) =>
    offsets.every((end, partition) => (positions?.[topic]?.[partition] ?? -1n) >= end),
  )
}
