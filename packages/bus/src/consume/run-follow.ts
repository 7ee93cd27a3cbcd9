import type { TopicAlias } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Batch, BatchResult } from './batch.ts'
import { CONSUME_DEFAULTS, type ConsumeParts } from './consume.ts'
import { ephemeralGroup, followGroups } from './ephemeral-group.ts'
import type { Following, FollowOptions } from './follow.ts'
import { ProgressTable } from './progress-table.ts'
import { type LogBounds, ReadingPlan } from './reading-plan.ts'
import { startSession } from './session.ts'
import { StallWatch } from './stall-watch.ts'
import { Supervisor } from './supervisor.ts'

const END_CLOSE_LIMIT_MS = 5_000

/** Begins a following. @throws OTN_BUS_UNREACHABLE, OTN_BUS_TOPICS_WRONG */
export async function follow(options: FollowOptions, parts: ConsumeParts): Promise<Following> {
  const bounds = await boundsOf(options.topics, parts)
  const plan = new ReadingPlan(options.from ?? {}, bounds, options.until)
  const following = new Follower(options, parts, plan)
  await following.start()
  return following
}

class Follower implements Following {
  readonly #options: FollowOptions
  readonly #parts: ConsumeParts
  readonly #plan: ReadingPlan
  readonly #progress = new ProgressTable()
  readonly #supervisor: Supervisor
  readonly #caughtUp = Promise.withResolvers<void>()
  readonly #finished = Promise.withResolvers<void>()
  #watch: StallWatch | undefined

  constructor(options: FollowOptions, parts: ConsumeParts, plan: ReadingPlan) {
    this.#options = options
    this.#parts = parts
    this.#plan = plan
    this.#supervisor = this.#supervise()
    // Who does not look at them learns of a crash by `onCrash`.
    this.#caughtUp.promise.catch(() => {})
    this.#finished.promise.catch(() => {})
  }

  get caughtUp(): Promise<void> {
    return this.#caughtUp.promise
  }

  get finished(): Promise<void> {
    return this.#finished.promise
  }

  get isCaughtUp(): boolean {
    return this.#plan.isCaughtUp
  }

  get isRunning(): boolean {
    return this.#supervisor.isRunning
  }

  get silentMs(): number {
    return this.#progress.silentMs(performance.now())
  }

  get positions() {
    return this.#plan.positions
  }

  async start(): Promise<void> {
    const isDone = this.#options.until === 'end' && this.#plan.isCaughtUp
    if (!isDone) {
      await this.#supervisor.begin()
      this.#watch = this.#watchStalls()
    }
    this.#look()
  }

  async close(limitMs: number): Promise<void> {
    this.#watch?.stop()
    await this.#supervisor.close(limitMs)
    this.#caughtUp.reject(appError('OTN_BUS_CLOSED', { message: 'closed before it caught up' }))
    this.#finished.resolve()
  }

  #supervise(): Supervisor {
    const { access, names } = this.#parts
    const { topics, onBatch: _, onCrash, ...tuning } = { ...CONSUME_DEFAULTS, ...this.#options }
    const supervisor: Supervisor = new Supervisor({
      log: access.log,
      tried: {
        topics: topics.map(names.nameOf),
        does: 'read',
        group: `${followGroups(names.prefix, access.clientId)}*`,
      },
      onCrash: (error) => {
        this.#watch?.stop()
        this.#caughtUp.reject(error)
        this.#finished.reject(error)
        onCrash(error)
      },
      start: () =>
        startSession({
          ...{ access, names, topics, ...tuning, commits: false },
          // A new group each time: in the old one it would wait for its own former self to expire.
          groupId: ephemeralGroup(names.prefix, access.clientId),
          progress: this.#progress,
          startAt: (assigned) => this.#plan.startAt(assigned),
          onBatch: (batch) => this.#handle(batch),
          onPassed: (position) => {
            this.#plan.passed(position)
            this.#look()
          },
          onEnded: (error, isRetriable) => supervisor.ended(error, isRetriable),
        }),
    })
    return supervisor
  }

  #watchStalls(): StallWatch {
    const { access, positions } = this.#parts
    const { topics, stallAfterMs = CONSUME_DEFAULTS.stallAfterMs } = this.#options
    return new StallWatch({
      ...{ topics, progress: this.#progress, stallAfterMs, log: access.log },
      isRunning: () => this.#supervisor.isRunning,
      endOffsets: (topic) => positions.endOffsets(topic),
      firstOffset: async ({ topic, partition }) => this.#plan.positions[topic]?.[partition],
      restart: (why) => this.#supervisor.restart(why),
      crash: (error) => this.#supervisor.crash(error),
    })
  }

  async #handle(batch: Batch): Promise<BatchResult> {
    const { topic, partition } = batch
    const records = this.#plan.unseen(batch, batch.records)
    if (records.length > 0) await this.#options.onBatch({ ...batch, records })
    const last = batch.records.at(-1)
    if (last !== undefined) this.#plan.passed({ topic, partition, offset: last.offset })
    this.#look()
    return { kind: 'done' }
  }

  /** Tells when it has caught up, and ends there if that was the wish. */
  #look(): void {
    if (!this.#plan.isCaughtUp) return
    this.#caughtUp.resolve()
    if (this.#options.until === 'end') void this.close(END_CLOSE_LIMIT_MS)
  }
}

async function boundsOf(
  topics: readonly TopicAlias[],
  { positions }: ConsumeParts,
): Promise<LogBounds> {
  const starts: Partial<Record<TopicAlias, readonly bigint[]>> = {}
  await Promise.all(
    topics.map(async (topic) => {
      starts[topic] = await positions.startOffsets(topic)
    }),
  )
  return { starts, ends: await positions.endOffsetsOf(topics) }
}
