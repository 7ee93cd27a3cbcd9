/** Audits for good: reads on, tells findings once, and keeps the alarm Kafka topic true. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Appender, Bus, Following, NextOffsets, OutRecord } from '@otn/bus'
import { type AlarmEvent, type Codec, cloudEventHeaders } from '@otn/contracts'
import { isAppError, SECOND_MS } from '@otn/kernel'
import { type AlarmBook, noteAlarm, owedAlarms } from '../alarms.ts'
import { AUDITED_TOPICS } from '../audit-record.ts'
import { type Finding, findingKey } from '../finding.ts'
import { collapse, findings } from '../findings.ts'
import { defaultLimits } from '../limits.ts'
import { type AuditOptions, createFolding, type Folding } from './audit-log.ts'
import { decodeAlarm } from './decode-record.ts'

const CLOSE_MS = 5_000
const LOOK_EVERY_MS = 5 * SECOND_MS
const RETRY_MS = 2 * SECOND_MS
/** Kafka answers every few seconds; a longer silence means that the end of the log is not seen. */
const SILENCE_MAX_MS = 30 * SECOND_MS

export interface FollowAudit extends AuditOptions {
  readonly signal: AbortSignal
  /** How often the findings are looked at. Default 5000 ms. */
  readonly everyMs?: number
  /** How long to wait before the log is tried again. Default 2000 ms. */
  readonly retryMs?: number
  /** Each finding once while it lasts. */
  readonly onFinding: (finding: Finding) => void
  readonly onCleared: (finding: Finding) => void
  /** The log cannot be read or written now; it is tried again. */
  readonly onTrouble: (error: Error) => void
  /** What stood on the log at the start has been read. */
  readonly onCaughtUp: () => void
}

export interface WritableLog {
  readonly bus: Pick<Bus, 'follow' | 'appender'>
  readonly codec: Codec
}

/**
 * Runs until the signal. Survives outages of the brokers: it reads on from where it stood, and
 * tells what it owes once it can. Two of them at once tell the same facts.
 * @throws what no retry can help, for example OTN_BUS_TOPICS_WRONG
 */
export async function followAudit(log: WritableLog, options: FollowAudit): Promise<void> {
  const watch = new Watch(log, options)
  try {
    await watch.run()
  } finally {
    await watch.close()
  }
}

class Watch {
  readonly #log: WritableLog
  readonly #options: FollowAudit
  readonly #folding: Folding
  readonly #appender: Appender
  readonly #book: AlarmBook = new Map()
  readonly #told = new Map<string, Finding>()
  #following: Following | undefined
  #from: NextOffsets = {}
  #crash: Error | undefined
  #hasCaughtUp = false

  constructor(log: WritableLog, options: FollowAudit) {
    this.#log = log
    this.#options = options
    this.#folding = createFolding(log.codec, options)
    this.#appender = log.bus.appender({ name: 'alarms' })
  }

  async run(): Promise<void> {
    const { signal, everyMs = LOOK_EVERY_MS, retryMs = RETRY_MS, onTrouble } = this.#options
    while (!signal.aborted) {
      try {
        await this.#read()
        await this.#look()
        await rest(everyMs, signal)
      } catch (error) {
        if (!mayPass(error)) throw error
        onTrouble(error)
        await rest(retryMs, signal)
      }
    }
  }

  async close(): Promise<void> {
    await this.#following?.close(CLOSE_MS)
    await this.#appender.close(CLOSE_MS)
  }

  /** Begins to read, and begins again where the reading before ended. */
  async #read(): Promise<void> {
    if (this.#crash !== undefined) {
      const crash = this.#crash
      this.#from = this.#following?.positions ?? this.#from
      await this.#following?.close(CLOSE_MS)
      this.#following = undefined
      this.#crash = undefined
      throw crash
    }
    this.#following ??= await this.#log.bus.follow({
      topics: [...AUDITED_TOPICS, 'alarm'],
      from: this.#from,
      onBatch: async (batch) => {
        if (batch.topic !== 'alarm') return this.#folding.take(batch)
        for (const record of batch.records) {
          const alarm = await decodeAlarm(record, this.#log.codec)
          if (alarm !== null) noteAlarm(this.#book, alarm)
        }
      },
      onCrash: (error) => {
        this.#crash = error
      },
    })
  }

  /** Only what has been read can be judged: while Kafka is silent nothing grows old. */
  async #look(): Promise<void> {
    const following = this.#following
    if (!following?.isCaughtUp || !following.isRunning) return
    if (following.silentMs > SILENCE_MAX_MS) return
    const { limits = defaultLimits, onCaughtUp } = this.#options
    if (!this.#hasCaughtUp) onCaughtUp()
    this.#hasCaughtUp = true
    const nowMs = this.#options.nowMs() - Math.ceil(following.silentMs)
    const { state } = this.#folding
    const found = findings(collapse(state, nowMs, limits), nowMs, limits)
    this.#tell(found)
    await this.#publish(owedAlarms(this.#book, { found, nowMs }))
  }

  #tell(found: readonly Finding[]): void {
    const standing = new Map(found.map((one) => [findingKey(one), one]))
    for (const [key, one] of standing) {
      if (!this.#told.has(key)) this.#options.onFinding(one)
      this.#told.set(key, one)
    }
    for (const [key, one] of this.#told) {
      if (standing.has(key)) continue
      this.#told.delete(key)
      this.#options.onCleared(one)
    }
  }

  /** Noted as soon as acknowledged, so that the next look does not owe it again. */
  async #publish(alarms: readonly AlarmEvent[]): Promise<void> {
    if (alarms.length === 0) return
    await this.#appender.append(alarms.map((alarm) => this.#recordOf(alarm)))
    for (const alarm of alarms) noteAlarm(this.#book, alarm)
  }

  #recordOf(alarm: AlarmEvent): OutRecord {
    const { eventId: id, type, subject } = alarm
    const value = this.#log.codec.encode('AlarmEvent', alarm)
    const headers = { ...cloudEventHeaders({ id, type, source: '/otn/auditor' }) }
    return { topic: 'alarm', key: subject ?? type, value, headers }
  }
}

/** A reading that stood still is begun anew, as one that lost its broker. */
function mayPass(error: unknown): error is Error {
  return isAppError(error) && (error.retryable || error.code === 'OTN_BUS_CONSUMER_STALLED')
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined)
}
