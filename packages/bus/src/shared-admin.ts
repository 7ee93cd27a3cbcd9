import { setTimeout as sleep } from 'node:timers/promises'
import { appError, isAppError } from '@otn/kernel'
import type { Admin } from 'kafkajs'
import { errorName } from './error-name.ts'
import { type KafkaAccess, newKafka, RETRY } from './kafka-client.ts'
import { refusedByKafka } from './refused-by-kafka.ts'
import { atMost, within } from './within.ts'

/** Longest that one question to the cluster may take, milliseconds. */
const QUESTION_LIMIT_MS = 10_000
const CLOSE_LIMIT_MS = 1_000
const LEADERS_LIMIT_MS = 10_000
const LEADERS_PAUSE_MS = 100
const LEADER_ERRORS: ReadonlySet<string> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'UNKNOWN_LEADER_EPOCH',
])

/** One admin connection for all questions, opened by the first, opened anew after a fault. */
export class SharedAdmin {
  readonly #access: KafkaAccess
  #turn = 0
  #connected: Promise<Admin> | undefined

  constructor(access: KafkaAccess) {
    this.#access = access
  }

  /**
   * @throws OTN_BUS_UNREACHABLE, or OTN_BUS_TOPICS_WRONG when a Kafka topic is missing, or what
   *   the question throws as an error of ours.
   */
  async ask<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    this.#connected ??= this.#connect()
    const connected = this.#connected
    try {
      return await within(QUESTION_LIMIT_MS, connected.then(question))
    } catch (cause) {
      if (isAppError(cause)) throw cause
      const isMissing = errorName(cause) === 'UNKNOWN_TOPIC_OR_PARTITION'
      if (isMissing) throw missing(what, cause)
      if (this.#connected === connected) await this.close()
      throw unanswered(what, cause)
    }
  }

  /**
   * The same for a question that goes to the leaders of partitions: while one is just moving, or
   * has just been made, it is asked again, for at most {@link LEADERS_LIMIT_MS}.
   *
   * @param notYet names of the errors that say so
   */
  async askLeaders<T>(
    what: string,
    question: (admin: Admin) => Promise<T>,
    notYet = LEADER_ERRORS,
  ): Promise<T> {
    const untilMs = performance.now() + LEADERS_LIMIT_MS
    for (;;) {
      try {
        return await this.ask(what, question)
      } catch (error) {
        const isMoving = error instanceof Error && notYet.has(errorName(error.cause))
        if (!isMoving || performance.now() > untilMs) throw error
      }
      await sleep(LEADERS_PAUSE_MS)
    }
  }

  async close(): Promise<void> {
    const connected = this.#connected
    this.#connected = undefined
    if (connected === undefined) return
    await atMost(
      CLOSE_LIMIT_MS,
      connected.then((admin) => admin.disconnect()),
    )
  }

  async #connect(): Promise<Admin> {
    this.#turn += 1
    const admin = newKafka(this.#access, { turn: this.#turn }).admin({ retry: RETRY })
    await admin.connect()
    return admin
  }
}

function missing(what: string, cause: unknown): Error {
  const message = `${what}: a Kafka topic is missing; create it with "pnpm otn topics apply"`
  return appError('OTN_BUS_TOPICS_WRONG', { message, cause })
}

function unanswered(what: string, cause: unknown): Error {
  const why = refusedByKafka(cause)?.sentence ?? `Kafka did not answer (${errorName(cause)})`
  const message = `${what}: ${why}`
  return appError('OTN_BUS_UNREACHABLE', { message, cause })
}
