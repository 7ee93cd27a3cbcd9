/** A webhook's clock that runs ahead must not hold a window open, nor outlive what comes later. */
export function happenedAt({
  occurredAt,
  at,
}: {
  readonly occurredAt: number
  readonly at: number
}): number {
  return Math.min(occurredAt, at)
}
