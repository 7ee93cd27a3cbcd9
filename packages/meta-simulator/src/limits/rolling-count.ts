/** How many calls a window that moves with the clock has seen, in slots, so that it stays small. */
export class RollingCount {
  readonly #slotMs: number
  readonly #counts: number[]
  #total = 0
  #slot = 0

  constructor(windowMs: number, slots: number) {
    this.#slotMs = windowMs / slots
    // One more, so that the window is never shorter than it says.
    this.#counts = Array.from({ length: slots + 1 }, () => 0)
  }

  add(nowMs: number): void {
    this.#turn(nowMs)
    const at = this.#slot % this.#counts.length
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#total += 1
  }

  total(nowMs: number): number {
    this.#turn(nowMs)
    return this.#total
  }

  /** Until fewer than `limit` are left in the window; 0 when they are already. */
  regainMs(nowMs: number, limit: number): number {
    this.#turn(nowMs)
    let left = this.#total
    for (let age = this.#counts.length - 1; age >= 0 && left >= limit; age -= 1) {
      left -= this.#counts[(this.#slot - age + this.#counts.length) % this.#counts.length] ?? 0
      if (left < limit) {
        const leavesAtMs = (this.#slot - age + this.#counts.length) * this.#slotMs
        return Math.max(0, leavesAtMs - nowMs)
      }
    }
    return 0
  }

  /** Empties the slots that time has passed. */
  #turn(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs)
    const passed = Math.min(slot - this.#slot, this.#counts.length)
    for (let step = 1; step <= passed; step += 1) {
      const at = (slot - passed + step) % this.#counts.length
      this.#total -= this.#counts[at] ?? 0
      this.#counts[at] = 0
    }
    this.#slot = Math.max(slot, this.#slot)
  }
}
