import { setTimeout as sleep } from 'node:timers/promises'
import { appError } from '@otn/kernel'
import type { BusLog } from '../bus-log.ts'
import { errorName } from '../error-name.ts'
import { refusedByKafka, type Tried } from '../refused-by-kafka.ts'
import { atMost } from '../within.ts'
import { isRetriableCrash } from './is-retriable-crash.ts'
import type { Session } from './session-options.ts'

const BEGIN_LIMIT_MS = 15_000
const RESTART_FIRST_MS = 250
const RESTART_LONGEST_MS = 5_000
const RESTART_CLOSE_LIMIT_MS = 5_000

export interface SupervisorOptions {
  /** Starts a session; it must report its own end to `ended`. */
  start(): Promise<Session>
  /** For good. Called once. */
  onCrash(error: Error): void
  readonly log: BusLog
  /** What a refusal would be about. */
  readonly tried: Tried
}

/**
 * Keeps one session running: a session that ended for a passing reason is followed by another, for
 * as long as Kafka is away; one that ended for good crashes. Only one is ever starting or open.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  #session: Session | undefined
  #state: 'running' | 'restarting' | 'crashed' | 'closed' = 'running'
  #restarting: Promise<void> = Promise.resolve()

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  /**
   * Starts the first session; for a while also over passing faults, such as a coordinator that is
   * still loading.
   * @throws OTN_BUS_UNREACHABLE
   */
  async begin(): Promise<void> {
    const untilMs = performance.now() + BEGIN_LIMIT_MS
    for (;;) {
      try {
        this.#session = await this.#options.start()
        return
      } catch (cause) {
        const isPassing = cause instanceof Error && isRetriableCrash(cause)
        if (isPassing && performance.now() < untilMs) {
          await sleep(RESTART_FIRST_MS)
          continue
        }
        this.#state = 'crashed'
        throw refused(cause, this.#options.tried) ?? notJoined(cause)
      }
    }
  }

  /** The session has ended by itself. */
  ended(error: Error, isRetriable: boolean): void {
    if (isRetriable) this.restart(errorName(error))
    else this.crash(error)
  }

  /** Replaces the session. */
  restart(why: string): void {
    if (this.#state !== 'running') return
    this.#state = 'restarting'
    this.#options.log.warn({ why }, 'consumer restarts')
    this.#restarting = this.#replace()
  }

  crash(error: Error): void {
    if (this.#state === 'crashed' || this.#state === 'closed') return
    this.#state = 'crashed'
    const named = refused(error, this.#options.tried)
    const why = { error: errorName(error), ...(named && { refused: named.message }) }
    this.#options.log.error(why, 'consumer crashed')
    void this.#session?.close(RESTART_CLOSE_LIMIT_MS)
    this.#options.onCrash(named ?? error)
  }

  async close(limitMs: number): Promise<void> {
    if (this.#state !== 'crashed') this.#state = 'closed'
    await this.#session?.close(limitMs)
    await atMost(limitMs, this.#restarting)
  }

  async #replace(): Promise<void> {
    await this.#session?.close(RESTART_CLOSE_LIMIT_MS)
    this.#session = undefined
    for (let waitMs = RESTART_FIRST_MS; ; waitMs = Math.min(RESTART_LONGEST_MS, waitMs * 2)) {
      await sleep(waitMs)
      if (this.#state !== 'restarting') return
      const session = await this.#tryStart()
      if (session === undefined) continue
      this.#session = session
      if (this.#state === 'restarting') this.#state = 'running'
      else await session.close(RESTART_CLOSE_LIMIT_MS)
      return
    }
  }

  async #tryStart(): Promise<Session | undefined> {
    try {
      return await this.#options.start()
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error))
      if (!isRetriableCrash(cause)) this.crash(cause)
      return undefined
    }
  }
}

function notJoined(cause: unknown): Error {
  const message = `Kafka could not be joined (${errorName(cause)})`
  return appError('OTN_BUS_UNREACHABLE', { message, cause })
}

function refused(cause: unknown, tried: Tried): Error | null {
  const refusal = refusedByKafka(cause, tried)
  if (refusal === null) return null
  return appError('OTN_BUS_UNREACHABLE', { message: refusal.sentence, cause })
}
