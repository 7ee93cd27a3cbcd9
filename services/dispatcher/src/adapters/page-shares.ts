/**
 * What this process has of the pace of each page that it works on, renewed while it does. For pace
 * and fairness alone: what is safe, the claims decide.
 */
import type { PageId } from '@otn/kernel'
import { type DayCount, roomAt, withCalls } from '../domain/day-budget.ts'
import { SECOND_AT_PLATFORM_MS } from '../domain/pace.ts'
import { FIRST_SHARE, type Holder, holding, needOf, shareFor } from '../domain/pace-shares.ts'

/** What all dispatchers know of a page. */
export interface PageLoad {
  readonly holders: readonly Holder[]
  /** When one of them last came down, the store's time, ms. */
  readonly freedAt: number
  readonly calls: DayCount
}

export interface ShareStore {
  /**
   * One guarded change, decided again where somebody else came first.
   * @param decide pure; given what is stored and the store's own time, ms
   */
  change(page: PageId, decide: (known: PageLoad, nowMs: number) => PageLoad): Promise<PageLoad>
}

export interface PageSharesOptions {
  readonly store: ShareStore
  readonly worker: string
  readonly leaseMs: number
  /** Calls of a page in 24 hours; null = unknown. */
  readonly budgetOf: (page: PageId) => number | null
  readonly machineMs: () => number
  /** Business clock. */
  readonly nowMs: () => number
}

/** What a page used of its pace since it was asked last, 0 to 1. */
export interface PaceUse {
  readonly used: number
  /** Some had to wait. */
  readonly isShort: boolean
}

export interface PageShares {
  /** Of the pace of a page, 0 to 1; 0 where it is not known, or not any more. */
  shareOf(page: PageId): number
  /** Resolves when the share is known as well as it can be. Never rejects. */
  ready(page: PageId): Promise<void>
  /** Counts a call; where the calls of the day are used up, when there is room, business clock. */
  spend(page: PageId): number | null
  /** Renews what is in use. Never rejects. */
  renew(useOf: (page: PageId) => PaceUse): Promise<void>
  /** Leaves everything to others. Never rejects. */
  close(): Promise<void>
}

/** A page not called for this long is left to others. */
const IDLE_LEASES = 3
const RENEWALS_PER_LEASE = 4

interface Known {
  share: number
  /** What it was before, until the calls of others within the last second are over. */
  sharedFrom: number
  former: number
  /** Machine time. */
  until: number
  renewedMs: number
  usedMs: number
  isShort: boolean
  calls: DayCount
  unsaved: number
  renewing: Promise<void> | null
}

export class StoredPageShares implements PageShares {
  readonly #options: PageSharesOptions
  readonly #pages = new Map<PageId, Known>()

  constructor(options: PageSharesOptions) {
    this.#options = options
  }

  shareOf(page: PageId): number {
    const { share, former, sharedFrom, until } = this.#pageOf(page)
    const now = this.#options.machineMs()
    if (now >= until) return 0
    return now < sharedFrom ? Math.min(former, share) : share
  }

  async ready(page: PageId): Promise<void> {
    this.#pageOf(page).usedMs = this.#options.machineMs()
    if (this.shareOf(page) === 0) await this.#renewOnce(page, FIRST_SHARE)
  }

  spend(page: PageId): number | null {
    const { budgetOf, machineMs, nowMs } = this.#options
    const [known, budget, now] = [this.#pageOf(page), budgetOf(page), nowMs()]
    known.usedMs = machineMs()
    const room = budget && roomAt(withCalls(known.calls, now, known.unsaved), budget, now)
    if (budget !== null && room === null) known.unsaved += 1
    return room
  }

  async renew(useOf: (page: PageId) => PaceUse): Promise<void> {
    const { machineMs, leaseMs } = this.#options
    const now = machineMs()
    for (const [page, { usedMs }] of this.#pages) {
      if (now - usedMs > IDLE_LEASES * leaseMs) this.#pages.delete(page)
    }
    const due = [...this.#pages].filter(([page, { renewedMs, isShort }]) => {
      const isDue = now - renewedMs >= leaseMs / RENEWALS_PER_LEASE
      return isDue || isShort || this.shareOf(page) === 0
    })
    await Promise.all(due.map(([page]) => this.#renewOnce(page, needOf(useOf(page)))))
  }

  async close(): Promise<void> {
    const { store, worker, nowMs } = this.#options
    const left = [...this.#pages].map(([page, { unsaved }]) =>
      store.change(page, (stored, storeMs) => ({
        holders: stored.holders.map((holder) => {
          // What left within the last second still counts.
          const until = Math.min(holder.until, storeMs + SECOND_AT_PLATFORM_MS)
          return holder.worker === worker ? { ...holder, until } : holder
        }),
        freedAt: stored.freedAt,
        calls: withCalls(stored.calls, nowMs(), unsaved),
      })),
    )
    this.#pages.clear()
    await Promise.allSettled(left)
  }

  #pageOf(page: PageId): Known {
    const known = this.#pages.get(page) ?? unknownPage()
    this.#pages.set(page, known)
    return known
  }

  #renewOnce(page: PageId, need: number): Promise<void> {
    const known = this.#pageOf(page)
    // A store that is away keeps commands from being claimed as well; the share lapses meanwhile.
    known.renewing ??= this.#renew(page, known, need)
      .catch(() => {})
      .finally(() => {
        known.renewing = null
      })
    return known.renewing
  }

  async #renew(page: PageId, known: Known, need: number): Promise<void> {
    const { store, worker, leaseMs, machineMs, nowMs } = this.#options
    const [startedMs, saved] = [machineMs(), known.unsaved]
    let wasFree = true
    const load = await store.change(page, (stored, storeMs) => {
      wasFree = storeMs - stored.freedAt >= SECOND_AT_PLATFORM_MS
      const alive = holding(stored.holders, storeMs)
      const had = alive.find((one) => one.worker === worker)?.share ?? 0
      const mine = shareFor(alive, { worker, need, nowMs: storeMs })
      const others = alive.filter((one) => one.worker !== worker)
      const holders = [...others, { worker, ...mine, until: storeMs + leaseMs }]
      const freedAt = mine.share < had ? storeMs : stored.freedAt
      return { holders, freedAt, calls: withCalls(stored.calls, nowMs(), saved) }
    })
    const { share = 0, isShort = false } = load.holders.find((one) => one.worker === worker) ?? {}
    const now = machineMs()
    const had = now < known.until ? known.share : 0
    // What others made of it within the last second counts; what was given before waits on.
    const given =
      share > had && !wasFree
        ? { former: this.shareOf(page), sharedFrom: now + SECOND_AT_PLATFORM_MS }
        : {}
    Object.assign(known, {
      ...{ ...given, share, isShort, calls: load.calls, renewedMs: startedMs },
      unsaved: known.unsaved - saved,
      // The last second of the lease is over before others take the share.
      until: startedMs + leaseMs - SECOND_AT_PLATFORM_MS,
    })
  }
}

function unknownPage(): Known {
  const share = { share: 0, former: 0, sharedFrom: 0, until: 0, isShort: false }
  const times = { renewedMs: Number.NEGATIVE_INFINITY, usedMs: Number.NEGATIVE_INFINITY }
  return { ...share, ...times, calls: new Map(), unsaved: 0, renewing: null }
}
