/** Machine time that passes only while everybody waits, so that minutes take moments. */
export class VirtualTime {
  nowMs = 0
  readonly #timers: { readonly at: number; readonly wake: () => void }[] = []

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      const timer = { at: this.nowMs + Math.max(0, ms), wake }
      const after = this.#timers.findIndex(({ at }) => at > timer.at)
      this.#timers.splice(after < 0 ? this.#timers.length : after, 0, timer)
    })

  /** Until nobody waits any more, or this long. */
  async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    for (;;) {
      // All that the last wake led to, however many promises it takes.
      await new Promise(setImmediate)
      const [next] = this.#timers
      if (next === undefined || next.at > untilMs) {
        if (untilMs < Number.POSITIVE_INFINITY) this.nowMs = Math.max(this.nowMs, untilMs)
        return
      }
      this.nowMs = next.at
      while (this.#timers[0]?.at === next.at) this.#timers.shift()?.wake()
    }
  }
}
