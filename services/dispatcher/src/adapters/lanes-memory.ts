/**
 * One lane per page: its calls run a bounded number at a time, beside those of all other pages. A
 * lane that the platform told to stop stands still; afterwards one call goes first, and the others
 * follow once it was answered. Pace and fairness only: what is safe, the claims decide.
 */
import type { ReasonCode } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import type { StoredCommand } from '../domain/document.ts'
import type { Lanes, Stopping } from '../ports.ts'
import { LaneStop } from './lane-stop.ts'

export interface LaneOptions {
  readonly run: (document: StoredCommand) => Promise<void>
  /** @returns how long the document is left alone then, ms */
  readonly failed: (document: StoredCommand, error: unknown) => number
  /** Commands of one page at a time. */
  readonly concurrency: number
  /** Commands of one page that wait in memory; more of them wait in the store. */
  readonly queueMax: number
  /** Commands of all pages at a time. */
  readonly totalMax: number
  /** A lane stopped until somebody acts tries one command after this long all the same. */
  readonly recheckMs: number
  readonly machineMs: () => number
  /** Asked to look for due commands after this long. */
  readonly wakeIn: (ms: number) => void
}

interface Lane {
  readonly page: PageId
  readonly queue: StoredCommand[]
  /** Those of campaigns, which go behind all others. */
  readonly members: StoredCommand[]
  readonly stop: LaneStop
  running: number
  /** More of its commands are in the store than had room here. */
  hasBacklog: boolean
}

export class MemoryLanes implements Lanes {
  readonly #options: LaneOptions
  readonly #busy = new Set<string>()
  /** Commands whose run failed, and until when they are left alone, machine time. */
  readonly #resting = new Map<string, number>()
  readonly #lanes = new Map<PageId, Lane>()
  /** What stops the lanes of all pages: limits of the app, a platform or log out of reach. */
  readonly #all: LaneStop
  readonly #idle: (() => void)[] = []
  #running = 0
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
    for (const { queue, members } of isForAll ? this.#lanes.values() : [lane]) {
      for (const { id } of [...queue.splice(0), ...members.splice(0)]) this.#busy.delete(id)
    }
  }

  answered(page: PageId): void {
    this.#laneOf(page).stop.end()
    this.#all.end()
  }

  resume(page: PageId): void {
    this.#laneOf(page).stop.end()
    this.#options.wakeIn(0)
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
    const lane = {
      page,
      queue: [],
      members: [],
      stop: new LaneStop(this.#options),
      running: 0,
      hasBacklog: false,
    }
    this.#lanes.set(page, lane)
    return lane
  }

  #hasRoom({ queue }: Lane): boolean {
    return queue.length < this.#options.queueMax
  }

  #enqueue(lane: Lane, document: StoredCommand): void {
    if (this.#busy.has(document.id)) return
    this.#busy.add(document.id)
    const queue = document.command.campaignId === null ? lane.queue : lane.members
    queue.push(document)
    this.#pump(lane)
  }

  #pump(lane: Lane): void {
    const { concurrency, totalMax } = this.#options
    const max = lane.stop.isOnTrial || this.#all.isOnTrial ? 1 : concurrency
    while (lane.running < max && this.#running < totalMax && !this.#isClosed) {
      const document = lane.queue.shift() ?? lane.members.shift()
      if (!document) return
      this.#start(lane, document)
    }
  }

  #start(lane: Lane, document: StoredCommand): void {
    lane.running += 1
    this.#running += 1
    const ended = (restMs: number) => {
      if (restMs > 0) this.#resting.set(document.id, this.#options.machineMs() + restMs)
      else this.#busy.delete(document.id)
      lane.running -= 1
      this.#running -= 1
      this.#pump(lane)
      // Others may have waited for the room of all, or in the store for the room of this lane.
      for (const other of this.#lanes.values()) this.#pump(other)
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
