import { SECOND_MS } from '@otn/kernel'
import {
  leaveAt,
  type Pace,
  paceLeft,
  restedPace,
  SECOND_AT_PLATFORM_MS,
  turnAt,
  withCall,
  withTurn,
} from '../domain/pace.ts'
import type { PaceKind } from '../domain/pace-kind.ts'
import type { PaceUse } from './page-shares.ts'

export interface LanePaceOptions {
  /** Calls per second that the platform takes of a page. */
  readonly ceilings: Readonly<Record<PaceKind, number>>
  /** What this process has of them, 0 to 1. */
  readonly share: () => number
  /** Resolves when that is known as well as it can be. */
  readonly ready: () => Promise<void>
  /** What the use of the app's own limit leaves, 0 to 1. */
  readonly ofApp: () => number
  readonly machineMs: () => number
  readonly sleep: (ms: number) => Promise<void>
}

const KINDS = ['text', 'media'] as const
/** Longer waits for a turn are waited in the store. */
const TURN_MS_MAX = SECOND_MS
/** Far less than the lease of a claim. */
const LEAVE_MS_MAX = 10 * SECOND_MS
const AGAIN_MS_MAX = 600 * SECOND_MS
/** While nobody knows what share this process has. */
const UNSHARED_MS = 250

/** The pace of one page: turns before a command is claimed, and the last word before its call. */
export class LanePace {
  readonly #options: LanePaceOptions
  readonly #paces: Record<PaceKind, Pace> = { text: restedPace, media: restedPace }
  /** When those have been told to come again who found no turn, one after another. */
  readonly #againAt: Record<PaceKind, number> = { text: 0, media: 0 }
  readonly #lastToLeave: Record<PaceKind, Promise<boolean>> = {
    text: Promise.resolve(true),
    media: Promise.resolve(true),
  }
  #usedPercent = 0
  /** Turns since the use was last asked for. */
  #turns: Record<PaceKind, number> = { text: 0, media: 0 }
  #isShort = false
  #askedMs: number

  constructor(options: LanePaceOptions) {
    this.#options = options
    this.#askedMs = options.machineMs()
  }

  /** What was used of the ceilings since this was last asked for, and whether some had to wait. */
  takeUse(): PaceUse {
    const { machineMs, ceilings } = this.#options
    const now = machineMs()
    const seconds = Math.max(now - this.#askedMs, 1) / SECOND_MS
    const shares = KINDS.map((kind) => this.#turns[kind] / seconds / ceilings[kind])
    const use = { used: Math.max(...shares), isShort: this.#isShort }
    Object.assign(this.#turns, { text: 0, media: 0 })
    this.#isShort = false
    this.#askedMs = now
    return use
  }

  /** What the platform says of the page's own limit. */
  used(percent: number): void {
    this.#usedPercent = percent
  }

  /**
   * Resolves when it is this call's turn.
   * @returns 0, or after how long to come again, ms: there are too many before it
   */
  async turn(kind: PaceKind): Promise<number> {
    const { machineMs, sleep, ready } = this.#options
    if (this.#rate(kind) === 0) await ready()
    const rate = this.#rate(kind)
    if (rate === 0) return UNSHARED_MS
    const now = machineMs()
    const at = Math.max(now, turnAt(this.#paces[kind]))
    this.#isShort ||= at > now
    if (at - now > TURN_MS_MAX) return this.#again(kind, rate)
    this.#turns[kind] += 1
    this.#paces[kind] = withTurn(this.#paces[kind], at, rate)
    if (at > now) await sleep(at - now)
    return 0
  }

  /**
   * Resolves when one more call may leave, in the order of asking; then it counts as left. False =
   * it may not for so long that its claim would get old: the pace was lowered meanwhile.
   */
  leave(kind: PaceKind): Promise<boolean> {
    const untilMs = this.#options.machineMs() + LEAVE_MS_MAX
    const last = this.#lastToLeave[kind].then(() => this.#leave(kind, untilMs))
    this.#lastToLeave[kind] = last
    return last
  }

  async #leave(kind: PaceKind, untilMs: number): Promise<boolean> {
    const { machineMs, sleep } = this.#options
    for (;;) {
      const now = machineMs()
      const rate = this.#rate(kind)
      const waitMs = rate === 0 ? UNSHARED_MS : leaveAt(this.#paces[kind], rate) - now
      if (waitMs <= 0) {
        this.#paces[kind] = withCall(this.#paces[kind], now)
        return true
      }
      if (now + waitMs > untilMs) return false
      await sleep(waitMs)
    }
  }

  #rate(kind: PaceKind): number {
    const { ceilings, share, ofApp } = this.#options
    return ceilings[kind] * share() * Math.min(paceLeft(this.#usedPercent), ofApp())
  }

  /** Spread as the turns will be, so that what comes again finds one. */
  #again(kind: PaceKind, rate: number): number {
    const now = this.#options.machineMs()
    const from = Math.max(this.#againAt[kind], now + TURN_MS_MAX)
    this.#againAt[kind] = from + SECOND_AT_PLATFORM_MS / rate
    return Math.min(from - now, AGAIN_MS_MAX)
  }
}
