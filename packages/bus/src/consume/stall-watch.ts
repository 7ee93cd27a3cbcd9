import type { TopicAlias } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { BusLog } from '../bus-log.ts'
import type { ProgressTable, TopicPartition } from './progress-table.ts'

/** How often the log's end is looked at within the time that makes a partition stalled. */
const LOOKS = 4

export interface StallWatchOptions {
  readonly topics: readonly TopicAlias[]
  readonly progress: ProgressTable
  readonly stallAfterMs: number
  readonly log: BusLog
  /** False while it is being restarted: then standing still is no news. */
  isRunning(): boolean
  endOffsets(topic: TopicAlias): Promise<readonly bigint[]>
  /** Where a partition begins that has not been handed over yet; undefined = not to be known. */
  firstOffset(where: TopicPartition): Promise<bigint | undefined>
  restart(why: string): void
  crash(error: Error): void
}

/**
 * Ends the case in which everything looks well and nothing moves: records wait in a partition and
 * none was handled for `stallAfterMs`. First the consumer starts anew; if the same partitions
 * stand still again without anything having moved, it crashes.
 */
export class StallWatch {
  readonly #options: StallWatchOptions
  readonly #timer: NodeJS.Timeout
  /** Positions of the partitions for whose sake the consumer was restarted. */
  #restartedAt = new Map<string, bigint | null>()

  constructor(options: StallWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#look(), options.stallAfterMs / LOOKS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    try {
      await this.#learn()
    } catch {
      // Kafka does not answer: then nothing is known to wait.
      return
    }
    const { progress, stallAfterMs, isRunning } = this.#options
    if (!isRunning()) return
    const stalled = progress.stalled(performance.now(), stallAfterMs)
    if (stalled.length > 0) this.#act(stalled)
  }

  async #learn(): Promise<void> {
    const { topics, progress, endOffsets, firstOffset } = this.#options
    for (const where of progress.unknown()) {
      const first = await firstOffset(where)
      if (first !== undefined) progress.found(where, first)
    }
    for (const topic of topics) {
      const ends = await endOffsets(topic)
      const nowMs = performance.now()
      for (const [partition, end] of ends.entries())
        progress.sawEnd({ topic, partition }, end, nowMs)
    }
  }

  #act(stalled: readonly TopicPartition[]): void {
    const { progress, log, stallAfterMs, restart, crash } = this.#options
    const positions = new Map(
      progress.list(performance.now()).map((it) => [`${it.topic}/${it.partition}`, it.next]),
    )
    const names = stalled.map(({ topic, partition }) => `${topic}/${partition}`)
    const isSecond = names.some(
      (name) => this.#restartedAt.has(name) && this.#restartedAt.get(name) === positions.get(name),
    )
    const message = `nothing was handled for ${stallAfterMs} ms in ${names.join(' ')}`
    log.error({ partitions: names.join(' '), stallAfterMs }, 'consumer stalled')
    this.#restartedAt = new Map(names.map((name) => [name, positions.get(name) ?? null]))
    if (isSecond) crash(appError('OTN_BUS_CONSUMER_STALLED', { message }))
    else restart('stalled')
  }
}
