/** Which faults struck a world, and which commands were under way when one did. */
export class Faults {
  readonly struck = new Map<FaultKind, number>()
  readonly exposed = new Set<string>()
  /** Of all kinds. */
  count = 0
  readonly #inFlight: () => Iterable<string>

  /** @param inFlight commands that are on the log and have no final fact */
  constructor(inFlight: () => Iterable<string>) {
    this.#inFlight = inFlight
  }

  strike(kind: FaultKind): void {
    this.count += 1
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1)
    for (const id of this.#inFlight()) this.exposed.add(id)
  }
}

export const FAULT_KINDS = [
  'refused',
  'lost',
  'late',
  'slow',
  'stall',
  'twice',
  'part',
  'crash',
  'freeze',
  'rebalance',
  'stepDown',
  'emptied',
  'jump',
  'standing',
  'withdraw',
  'answer',
  'poison',
] as const

/** As in the climate; `answer` = the platform answers as it does on a bad day. */
export type FaultKind = (typeof FAULT_KINDS)[number]
