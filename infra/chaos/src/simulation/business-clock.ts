/** The clock by which people live: it runs with the machine's, and jumps. */
export class BusinessClock {
  readonly #machineMs: () => number
  readonly #shifts: { readonly from: number; readonly offset: number }[]

  constructor(machineMs: () => number, startMs: number) {
    this.#machineMs = machineMs
    this.#shifts = [{ from: Number.NEGATIVE_INFINITY, offset: startMs }]
  }

  nowMs(): number {
    return this.#machineMs() + (this.#shifts.at(-1)?.offset ?? 0)
  }

  jump(byMs: number): void {
    const offset = (this.#shifts.at(-1)?.offset ?? 0) + byMs
    this.#shifts.push({ from: this.#machineMs(), offset })
  }

  /** Runs on from the latest instant that it ever showed. */
  catchUp(): void {
    const highest = this.highest()
    if (highest > this.nowMs()) this.jump(highest - this.nowMs())
  }

  /** The latest instant that it ever showed. */
  highest(): number {
    let highest = this.nowMs()
    for (const [index, { offset }] of this.#shifts.entries()) {
      const until = this.#shifts[index + 1]?.from ?? this.#machineMs()
      highest = Math.max(highest, until + offset)
    }
    return highest
  }

  /** The earliest instant that it showed during the last stretch of machine time. */
  lowestIn(stretchMs: number): number {
    const now = this.#machineMs()
    const since = now - stretchMs
    let lowest = Number.POSITIVE_INFINITY
    for (const [index, { from, offset }] of this.#shifts.entries()) {
      const until = this.#shifts[index + 1]?.from ?? Number.POSITIVE_INFINITY
      if (until < since) continue
      lowest = Math.min(lowest, Math.max(from, since) + offset)
    }
    return lowest
  }
}
