/**
 * A stage on which workers act one step at a time: every port call parks before its effect and
 * after it, and whoever directs decides which goes on next, which fails, which answer is lost and
 * which worker dies. With a tape of choices the same play runs the same way.
 */
export interface Fate {
  /** Instead of the effect, or instead of its answer. */
  readonly error?: Error
}

export interface Parked {
  readonly worker: string
  readonly label: string
  /** False: the effect has happened, only its answer is under way. */
  readonly isBefore: boolean
  resume(fate: Fate): void
}

export class Stage {
  readonly parked: Parked[] = []
  readonly #dead = new Set<string>()

  /** One atomic effect of a worker. A worker that died in it never hears of it again. */
  async act<T>(worker: string, label: string, effect: () => T): Promise<T> {
    await this.#park(worker, label, true)
    const result = effect()
    await this.#park(worker, label, false)
    return result
  }

  kill(worker: string): void {
    this.#dead.add(worker)
    for (const { index } of this.parked
      .map((entry, index) => ({ entry, index }))
      .filter(({ entry }) => entry.worker === worker)
      .toReversed()) {
      this.parked.splice(index, 1)
    }
  }

  /** Lets one parked call go on, and everything that follows from it until all are parked again. */
  async resume(index: number, fate: Fate = {}): Promise<void> {
    const [entry] = this.parked.splice(index, 1)
    entry?.resume(fate)
    await settled()
  }

  #park(worker: string, label: string, isBefore: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#dead.has(worker)) return
      const resume = ({ error }: Fate) => (error ? reject(error) : resolve())
      this.parked.push({ worker, label, isBefore, resume })
    })
  }
}

/** After all promises that can go on have gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
