import { isAppError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { Killed } from './actor.ts'
import type { Climate } from './climate.ts'
import type { Faults } from './faults.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import { isWorldFault, type Script, type WorldFault } from './script.ts'

/** A call from a process to something outside it. */
export interface WireCall<T> {
  readonly label: string
  /** What it does there, in one indivisible step. */
  readonly effect: () => T
  /** What the caller sees where no answer comes. */
  readonly error: () => Error
  /** It changes nothing: whether it arrived does not matter. */
  readonly isRead?: boolean
  /** Told apart in scripts and traces. */
  readonly about?: string
}

interface WireParts {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly climate: () => Climate
  readonly script: Script
  readonly faults: Faults
  readonly freeze: (actor: Actor) => void
  readonly crash: (actor: Actor) => void
  /** Right before the call arrives. */
  readonly befalls: (fault: WorldFault) => void
  readonly tell: (line: () => string) => void
}

type Fate = 'good' | 'refused' | 'lost' | 'late'

/** Calls of a dispatcher after which the most is at stake. */
const PIVOTS: ReadonlySet<string> = new Set(['store.write', 'log.append', 'graph.send'])
const SLOW_MS = [20, 300, 3_000, 25_000, 70_000] as const
/** After which a caller has given up for sure, and before which a late call arrives. */
const LATE_MS = [50, 2_000, 40_000] as const
/** The bus throws its connection away by then: what it sent arrives, or never does. */
const LATE_APPEND_MS = [50, 2_000] as const

/** Every await of a port goes through here: request, effect and answer are steps of their own. */
export class Wire {
  readonly #parts: WireParts

  constructor(parts: WireParts) {
    this.#parts = parts
  }

  async call<T>(actor: Actor, call: WireCall<T>): Promise<T> {
    const { scheduler, script, tell } = this.#parts
    const { label, effect, error } = call
    const planned = script.planOf(actor, call)
    if (planned === 'crash-before') this.#die(actor)
    if (planned === 'freeze-before') this.#freeze(actor)
    const arrives = call.isRead ? {} : { arrives: () => unheard(effect) }
    await scheduler.park(actor, { label, ms: this.#delay(), ...(planned ? {} : arrives) })
    if (planned && isWorldFault(planned)) this.#parts.befalls(planned)
    const fate = planned ? fateOf(planned) : this.#fate(call)
    if (fate !== 'good') {
      tell(() => `${actor.name} ${label} is ${fate}`)
      this.#parts.faults.strike(fate)
    }
    if (fate === 'refused') throw error()
    if (fate === 'late') {
      const waitsMs = label === 'log.append' ? LATE_APPEND_MS : LATE_MS
      scheduler.later(this.#parts.random.pick<number>(waitsMs), () => unheard(effect))
      throw error()
    }
    const result = effect()
    if (planned === 'crash-after') this.#die(actor)
    if (planned === 'freeze-after') this.#freeze(actor)
    else if (this.#stalls(call)) this.#stall(actor)
    const isSlow = fate === 'lost' || actor.isFrozen || this.#parts.random.chance(0.3)
    if (isSlow) await scheduler.park(actor, { label: `${label}, answered`, ms: this.#delay() })
    if (fate === 'lost') throw error()
    return result
  }

  sleep(actor: Actor, ms: number): Promise<void> {
    return this.#parts.scheduler.park(actor, { label: 'sleep', ms })
  }

  #die(actor: Actor): never {
    this.#parts.faults.strike('crash')
    this.#parts.crash(actor)
    throw new Killed()
  }

  #freeze(actor: Actor): void {
    this.#parts.faults.strike('freeze')
    this.#parts.freeze(actor)
  }

  #stall(actor: Actor): void {
    this.#parts.faults.strike('stall')
    this.#parts.freeze(actor)
  }

  #delay(): number {
    const { random, climate, faults } = this.#parts
    if (!random.chance(climate().slow)) return 0
    faults.strike('slow')
    return random.pick(SLOW_MS)
  }

  #stalls({ label }: WireCall<unknown>): boolean {
    return PIVOTS.has(label) && this.#parts.random.chance(this.#parts.climate().stall)
  }

  #fate({ isRead }: WireCall<unknown>): Fate {
    const { random, climate } = this.#parts
    const { refused, lost, late } = climate()
    if (random.chance(refused)) return 'refused'
    if (random.chance(lost)) return isRead ? 'refused' : 'lost'
    return !isRead && random.chance(late) ? 'late' : 'good'
  }
}

function fateOf(planned: NonNullable<ReturnType<Script['planOf']>>): Fate {
  return planned === 'refused' || planned === 'lost' || planned === 'late' ? planned : 'good'
}

/** It is done there, or refused; nobody hears of either. */
function unheard(effect: () => unknown): void {
  try {
    effect()
  } catch (error) {
    if (!isAppError(error)) throw error
  }
}
