export interface SendCaps {
  readonly recordsMax: number
  readonly bytesMax: number
}

/**
 * How many of the waiting records go with the next send: as many as both caps allow, in order, and
 * always one, so that a record above the cap travels alone instead of never.
 */
export function takeCount(
  waiting: readonly { readonly bytes: number }[],
  { recordsMax, bytesMax }: SendCaps,
): number {
  let bytes = 0
  let count = 0
  for (const record of waiting) {
    bytes += record.bytes
    if (count > 0 && (count >= recordsMax || bytes > bytesMax)) break
    count += 1
  }
  return count
}
