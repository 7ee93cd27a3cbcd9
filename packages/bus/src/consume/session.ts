import type { Consumer } from 'kafkajs'
import { newKafka, RETRY } from '../kafka-client.ts'
import { atMost } from '../within.ts'
import { handleBatch, type SessionContext } from './handle-batch.ts'
import { isRetriableCrash } from './is-retriable-crash.ts'
import type { TopicPartition } from './progress-table.ts'
import type { Session, SessionOptions } from './session-options.ts'

/** Bounds a fetch without data, hence also the wait after `resume` and the time of a stop. */
const FETCH_WAIT_MS = 250
/** A healed leader is seen after this at the latest, when nothing else asks. */
const METADATA_MAX_AGE_MS = 10_000
const FETCH_BYTES_MAX = 8 * 1024 * 1024
const REBALANCE_TIMEOUT_MS = 60_000
const RETRIES_MORE = 10
const START_CLOSE_LIMIT_MS = 1_000

let turn = 0

/**
 * Joins the group and hands over batches until closed or ended.
 * @throws what kafkajs throws when it cannot connect or join.
 */
export async function startSession(options: SessionOptions): Promise<Session> {
  const session = new KafkajsSession(options)
  await session.start()
  return session
}

class KafkajsSession implements Session, SessionContext {
  readonly options: SessionOptions
  readonly consumer: Consumer
  readonly resumptions = new Set<NodeJS.Timeout>()
  #generation = 0
  #isStarted = false
  #ended: Error | undefined

  constructor(options: SessionOptions) {
    this.options = options
    this.consumer = newConsumer(options)
  }

  async start(): Promise<void> {
    const { consumer, options } = this
    this.#listen()
    try {
      await consumer.connect()
      const topics = options.topics.map((alias) => options.names.nameOf(alias))
      await consumer.subscribe({ topics, fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: options.concurrency,
        eachBatch: (payload) => handleBatch(this, payload),
      })
      if (this.#ended !== undefined) throw this.#ended
      this.#isStarted = true
    } catch (error) {
      await this.close(START_CLOSE_LIMIT_MS)
      throw error
    }
  }

  generation(): number {
    return this.#generation
  }

  hasEnded(): boolean {
    return this.#ended !== undefined
  }

  end(error: Error): void {
    this.#end(error, false)
  }

  async close(limitMs: number): Promise<void> {
    for (const timer of this.resumptions) clearTimeout(timer)
    await atMost(limitMs, this.consumer.disconnect())
    // What still runs now is stale: nothing of it will be committed.
    this.#ended ??= new Error('the session was closed')
  }

  #listen(): void {
    const { consumer, options } = this
    consumer.on('consumer.group_join', ({ payload }) => this.#begin(payload.memberAssignment))
    consumer.on('consumer.heartbeat', () => options.progress.heard(performance.now()))
    consumer.on('consumer.crash', ({ payload: { error } }) => {
      this.#end(error, isRetriableCrash(error))
    })
    // Control records and aborted ones are passed by kafkajs itself.
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      if (payload.batchSize > 0) return
      const where = { topic: options.names.aliasOf(payload.topic), partition: payload.partition }
      const offset = BigInt(payload.lastOffset)
      options.progress.moved(where, offset + 1n, performance.now())
      options.onPassed({ ...where, offset })
    })
  }

  /** Runs before the first fetch of an assignment, so the first fetch obeys the seeks. */
  #begin(assignment: Record<string, number[]>): void {
    const { consumer, options } = this
    this.#generation += 1
    const assigned: TopicPartition[] = Object.entries(assignment).flatMap(([name, partitions]) =>
      partitions.map((partition) => ({ topic: options.names.aliasOf(name), partition })),
    )
    const nowMs = performance.now()
    options.progress.assign(assigned, nowMs)
    options.progress.heard(nowMs)
    for (const { topic, partition, offset } of options.startAt(assigned)) {
      options.progress.moved({ topic, partition }, offset, nowMs)
      consumer.seek({ topic: options.names.nameOf(topic), partition, offset: String(offset) })
    }
  }

  #end(error: Error, isRetriable: boolean): void {
    if (this.#ended !== undefined) return
    this.#ended = error
    if (this.#isStarted) this.options.onEnded(error, isRetriable)
  }
}

function newConsumer({ access, groupId, ...options }: SessionOptions): Consumer {
  const { sessionTimeoutMs, maxBytesPerPartition } = options
  turn += 1
  // For as long as the group remembers the member, it is better to go on trying as that member: a
  // new one would have to wait until the old one is forgotten.
  const retries = Math.ceil(sessionTimeoutMs / RETRY.maxRetryTime) + RETRIES_MORE
  const retry = { ...RETRY, retries }
  return newKafka(access, { turn, retry }).consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.max(100, Math.floor(sessionTimeoutMs / 10)),
    rebalanceTimeout: Math.max(REBALANCE_TIMEOUT_MS, sessionTimeoutMs * 2),
    maxBytesPerPartition,
    maxBytes: FETCH_BYTES_MAX,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    // kafkajs must not start again by itself: a consumer that is joining cannot be stopped
    // (tulios/kafkajs#967, #1639). A new session does it.
    retry: { ...retry, restartOnFailure: async () => false },
  })
}
