/**
 * One lane per page: its calls run a bounded number at a time, beside those of all other pages. A
 * lane that the platform told to stop stands still; afterwards one call goes first, and the others
 * follow once it was answered. Pace and fairness only: what is safe, the claims decide.
 */
import type { ReasonCode } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import type { BucketUse, HeldBack } from '../domain/decide-outcome.ts'
import type { StoredCommand } from '../domain/document.ts'
import { paceLeft } from '../domain/pace.ts'
import type { PaceKind } from '../domain/pace-kind.ts'
import type { Lanes, Stopping, Turn } from '../lanes-port.ts'
import { type Lane, type LaneOptions, newLane } from './lane.ts'
import { LaneStop } from './lane-stop.ts'
import type { PaceUse } from './page-shares.ts'

/** What met a stopped lane is looked at again when that is looked for: the store keeps it. */
const STOPPED_MS = 1_000
/**
 * Each of them may end in doubt: after so many in a row the others wait until one was answered.
 * One person whom the platform fails again and again is no outage, so it is more than one's probes.
 */
const UNANSWERED_MAX = 5
const PAGE_PAUSE = { scope: 'page', untilPageEvent: false } as const

export class MemoryLanes implements Lanes {
  readonly #options: LaneOptions
  readonly #busy = new Set<string>()
  /** Commands whose run failed, and until when they are left alone, machine time. */
  readonly #resting = new Map<string, number>()
  readonly #lanes = new Map<PageId, Lane>()
  /** Lanes with commands that wait here; who started one goes to the end. */
  readonly #waiting = new Set<Lane>()
  /** What stops the lanes of all pages: limits of the app, a platform or log out of reach. */
  readonly #all: LaneStop
  readonly #idle: (() => void)[] = []
  #running = 0
  #appUsedPercent = 0
  #isClosed = false

  constructor(options: LaneOptions) {
    this.#options = options
    this.#all = new LaneStop(options)
  }

  /** Commands this process has: waiting, running, or left alone after a failure. */
  get busy(): ReadonlySet<string> {
    const nowMs = this.#options.machineMs()
    for (const [id, untilMs] of this.#resting) {
      if (nowMs < untilMs) continue
      this.#resting.delete(id)
      this.#busy.delete(id)
    }
    return this.#busy
  }

  offer(document: StoredCommand): boolean {
    const lane = this.#laneOf(document.command.pageId)
    if (this.#isClosed || !this.#hasRoom(lane)) {
      lane.hasBacklog = true
      return false
    }
    // A pause by time holds them back; a stop until somebody acts is told to each command.
    if (this.#all.isActive || (lane.stop.isActive && !lane.stop.endsByEvent)) return false
    this.#enqueue(lane, document)
    return true
  }

  hasRoom(page: PageId): boolean {
    return this.#hasRoom(this.#laneOf(page)) && this.stopOf(page) === null
  }

  /** Takes a document whose lease was taken: it runs even while its lane stands still. */
  admit(document: StoredCommand): void {
    this.#enqueue(this.#laneOf(document.command.pageId), document)
  }

  stopOf(page: PageId): ReasonCode | null {
    return this.#all.reason ?? this.#laneOf(page).stop.reason
  }

  stop(page: PageId, { reason, pause }: Stopping): void {
    const lane = this.#laneOf(page)
    const isForAll = pause.scope === 'app'
    const stop = isForAll ? this.#all : lane.stop
    this.#options.wakeIn(stop.begin(reason, pause))
    // What waits until somebody acts is told so, one command after another.
    if (pause.untilPageEvent && !isForAll) return
    for (const stopped of isForAll ? this.#lanes.values() : [lane]) {
      const { queue, members } = stopped
      for (const { id } of [...queue.splice(0), ...members.splice(0)]) this.#busy.delete(id)
      this.#waiting.delete(stopped)
    }
  }

  answered(page: PageId): void {
    const lane = this.#laneOf(page)
    lane.unanswered = 0
    lane.stop.answered()
    this.#all.answered()
  }

  unanswered(page: PageId): void {
    const lane = this.#laneOf(page)
    lane.unanswered += 1
    if (lane.unanswered < UNANSWERED_MAX) return
    this.stop(page, { reason: 'no-answers', pause: { ...PAGE_PAUSE, waitMs: null } })
  }

  used(page: PageId, use: readonly BucketUse[]): void {
    for (const { scope, percent, regainMs } of use) {
      if (scope === 'app') this.#appUsedPercent = percent
      else this.#laneOf(page).pace.used(percent)
      if (percent < 100) continue
      const pause = { ...PAGE_PAUSE, scope, waitMs: regainMs || null }
      this.stop(page, { reason: 'rate-limited', pause })
    }
  }

  /** What a page used of its pace since this was last asked for. */
  useOf(page: PageId): PaceUse {
    return this.#laneOf(page).pace.takeUse()
  }

  async turn(page: PageId, kind: PaceKind): Promise<Turn> {
    const againMs = await this.#laneOf(page).pace.turn(kind)
    if (againMs > 0) return { kind: 'later', delayMs: againMs }
    const later = { kind: 'later', delayMs: STOPPED_MS } as const
    if (this.#stoppingOf(page) !== null) return later
    const roomAt = this.#options.shares.spend(page)
    if (roomAt === null) return { kind: 'now' }
    const waitMs = roomAt - this.#options.nowMs()
    this.stop(page, { reason: 'day-budget', pause: { ...PAGE_PAUSE, waitMs } })
    return later
  }

  async leave(page: PageId, kind: PaceKind): Promise<HeldBack | null> {
    const stopped = this.#stoppingOf(page)
    if (stopped !== null) return stopped
    const may = await this.#laneOf(page).pace.leave(kind)
    return this.#stoppingOf(page) ?? (may ? null : { reason: 'paced', pause: null })
  }

  resume(page: PageId): void {
    this.#laneOf(page).stop.reopen()
    this.#options.wakeIn(0)
  }

  /** Of a page whose commands waited for it when this process began: one call goes first. */
  tryFirst(page: PageId): void {
    this.#laneOf(page).stop.tryFirst()
  }

  wakeIn(ms: number): void {
    this.#options.wakeIn(ms)
  }

  /** Pages whose commands are not to be looked for now; `all` while none may call. */
  without(): readonly PageId[] | 'all' {
    if (this.#all.isActive) return 'all'
    const full = [...this.#lanes.values()].filter((lane) => !this.#hasRoom(lane))
    for (const lane of full) lane.hasBacklog = true
    const stopped = [...this.#lanes.values()].filter(({ stop }) => stop.isActive)
    return [...full, ...stopped].map(({ page }) => page)
  }

  /** Pages that have notifications of campaigns in memory for each that may run. */
  withoutMembers(): readonly PageId[] {
    const { concurrency } = this.#options
    const full = [...this.#lanes.values()].filter(({ members }) => members.length >= concurrency)
    for (const lane of full) lane.hasBacklog = true
    return full.map(({ page }) => page)
  }

  /** Pages that stand still until somebody acts, and whose commands can be told so. */
  stoodStill(): readonly PageId[] {
    if (this.#all.isActive) return []
    const lanes = [...this.#lanes.values()].filter((lane) => this.#hasRoom(lane))
    return lanes.flatMap(({ page, stop }) => (stop.isActive && stop.endsByEvent ? [page] : []))
  }

  /** How many more documents may be admitted. */
  get room(): number {
    return this.#isClosed ? 0 : Math.max(0, this.#options.totalMax - this.#running)
  }

  /** Lanes that stand still, with why. */
  get stops(): readonly ReasonCode[] {
    const stops = [this.#all, ...[...this.#lanes.values()].map(({ stop }) => stop)]
    return stops.flatMap(({ reason }) => reason ?? [])
  }

  get running(): number {
    return this.#running
  }

  /** Takes nothing more; resolves when what runs has ended. */
  close(): Promise<void> {
    this.#isClosed = true
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #laneOf(page: PageId): Lane {
    const known = this.#lanes.get(page)
    if (known) return known
    const lane = newLane(page, { ...this.#options, ofApp: () => paceLeft(this.#appUsedPercent) })
    this.#lanes.set(page, lane)
    return lane
  }

  /** Why nothing leaves now, and for how long; null where it may. */
  #stoppingOf(page: PageId): Stopping | null {
    const lane = this.#laneOf(page).stop
    const [stop, scope] = this.#all.isActive ? [this.#all, 'app' as const] : [lane, 'page' as const]
    const { reason, leftMs: waitMs, endsByEvent: untilPageEvent } = stop
    return reason === null ? null : { reason, pause: { scope, waitMs, untilPageEvent } }
  }

  #hasRoom({ queue }: Lane): boolean {
    return queue.length < this.#options.queueMax
  }

  #enqueue(lane: Lane, document: StoredCommand): void {
    if (this.#busy.has(document.id)) return
    this.#busy.add(document.id)
    const { queue, members } = lane
    if (document.command.campaignId === null) queue.push(document)
    else members.push(document)
    this.#waiting.add(lane)
    this.#pump()
  }

  #pump(): void {
    for (;;) {
      const lane = this.#next()
      const document = lane?.queue.shift() ?? lane?.members.shift()
      if (!lane || !document) return
      this.#waiting.delete(lane)
      if (lane.queue.length + lane.members.length > 0) this.#waiting.add(lane)
      this.#start(lane, document)
    }
  }

  /** Of the lanes that may start one, the one with the fewest: no page takes the room of others. */
  #next(): Lane | null {
    const { concurrency, totalMax } = this.#options
    if (this.#running >= totalMax || this.#isClosed) return null
    const open = [...this.#waiting].filter(({ stop, running }) => {
      const max = stop.isOnTrial || this.#all.isOnTrial ? 1 : concurrency
      return running < max
    })
    const fewest = Math.min(...open.map(({ running }) => running))
    return open.find(({ running }) => running === fewest) ?? null
  }

  #start(lane: Lane, document: StoredCommand): void {
    lane.running += 1
    this.#running += 1
    const ended = (restMs: number) => {
      if (restMs > 0) this.#resting.set(document.id, this.#options.machineMs() + restMs)
      else this.#busy.delete(document.id)
      lane.running -= 1
      this.#running -= 1
      this.#pump()
      if (lane.queue.length + lane.members.length === 0 && lane.hasBacklog) {
        lane.hasBacklog = false
        this.#options.wakeIn(0)
      }
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve()
    }
    const failed = (error: unknown) => this.#options.failed(document, error)
    void this.#options
      .run(document)
      .then(() => 0, failed)
      .then(ended)
  }
}
