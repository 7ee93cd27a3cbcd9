import { type Actor, Killed, type Parked } from './actor.ts'
import type { Random } from './random.ts'

interface Timer {
  readonly at: number
  readonly due: Parked | (() => void)
}

export interface Waiting {
  readonly label: string
  /** See `Parked.arrives`. */
  readonly arrives?: () => void
  /** Machine time to wait, ms; 0 = until it is chosen. */
  readonly ms?: number
}

/**
 * One event loop for all processes of a world. Whatever awaits is parked here; of all that could go
 * on the seed chooses one. Time stands still but for a millisecond a step, and jumps when nothing
 * else is left to do.
 */
export class Scheduler {
  /** The machine's clock, ms. */
  nowMs = 0
  steps = 0
  readonly #random: Random
  readonly #ready: Parked[] = []
  /** Latest first, so that the next one is taken off the end. */
  readonly #timers: Timer[] = []
  readonly #idle = new Set<Parked>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Waits for the next step of an actor. */
  park(actor: Actor, { label, arrives, ms = 0 }: Waiting): Promise<void> {
    if (!actor.isAlive) return Promise.reject(new Killed())
    return new Promise((go, fail) => {
      const parked = { actor, label, arrives: arrives ?? null, go, fail }
      if (ms > 0) this.#at(this.nowMs + ms, parked)
      else this.#ready.push(parked)
    })
  }

  /** Waits until somebody calls the function that `waits` is given. */
  idle(actor: Actor, label: string, waits: (wake: () => void) => void): Promise<void> {
    if (!actor.isAlive) return Promise.reject(new Killed())
    return new Promise((go, fail) => {
      const parked = { actor, label, arrives: null, go, fail }
      this.#idle.add(parked)
      waits(() => {
        if (this.#idle.delete(parked)) this.#ready.push(parked)
      })
    })
  }

  /** Something of the world itself, not of a process. */
  later(ms: number, work: () => void): void {
    this.#at(this.nowMs + ms, work)
  }

  /** What was under way from it arrives or does not; nothing of it ever goes on. */
  kill(actor: Actor): void {
    actor.isAlive = false
    const own = [...take(this.#ready, actor), ...actor.aside.splice(0)]
    for (const parked of this.#idle) if (parked.actor === actor) own.push(parked)
    for (const parked of own) this.#idle.delete(parked)
    const timers = this.#timers.filter(({ due }) => !('go' in due) || due.actor !== actor)
    for (const { due } of this.#timers) if ('go' in due && due.actor === actor) own.push(due)
    this.#timers.splice(0, this.#timers.length, ...timers)
    const killed = new Killed()
    for (const parked of own) {
      if (parked.arrives && this.#random.chance(0.5)) parked.arrives()
      parked.fail(killed)
    }
  }

  thaw(actor: Actor): void {
    actor.isFrozen = false
    this.#ready.push(...actor.aside.splice(0))
  }

  /** Lets one go on. False = nothing is left that ever could. */
  step(): Parked | null | false {
    this.steps += 1
    this.nowMs += 1
    for (;;) {
      this.#fire()
      const parked = this.#take()
      if (parked === null) {
        const next = this.#timers.at(-1)
        if (next === undefined) return false
        this.nowMs = Math.max(this.nowMs, next.at)
        continue
      }
      if (!parked.actor.isFrozen) {
        parked.go()
        return parked
      }
      parked.actor.aside.push(parked)
    }
  }

  #take(): Parked | null {
    const ready = this.#ready
    if (ready.length === 0) return null
    const index = this.#random.below(ready.length)
    const chosen = ready[index]
    const last = ready.pop()
    if (chosen && last && chosen !== last) ready[index] = last
    return chosen ?? null
  }

  #fire(): void {
    for (let next = this.#timers.at(-1); next && next.at <= this.nowMs; ) {
      this.#timers.pop()
      if ('go' in next.due) this.#ready.push(next.due)
      else next.due()
      next = this.#timers.at(-1)
    }
  }

  #at(at: number, due: Timer['due']): void {
    const timers = this.#timers
    let index = timers.length
    while (index > 0 && (timers[index - 1]?.at ?? 0) <= at) index -= 1
    timers.splice(index, 0, { at, due })
  }
}

function take(list: Parked[], actor: Actor): Parked[] {
  const own = list.filter((parked) => parked.actor === actor)
  if (own.length === 0) return own
  const others = list.filter((parked) => parked.actor !== actor)
  list.splice(0, list.length, ...others)
  return own
}
