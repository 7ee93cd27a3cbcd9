import type { AlarmEvent } from '@otn/contracts'
import type { Identity } from '@otn/kernel'
import { alarmEvents, endedBefore } from '../domain/alarm-event.ts'
import type { SpoolState } from '../domain/spool-state.ts'
import { type AlarmLimits, decideAlarms, type WebhookAlarm } from '../domain/webhook-alarms.ts'
import type { WebhookHealth } from '../domain/webhook-health.ts'
import type { PublishAlarms, TellAlarms } from '../ports.ts'

export interface EverySecondParts {
  readonly health: Pick<WebhookHealth, 'report'>
  readonly identity: Pick<Identity, 'event'>
  /** Names this ingress in its alarms. */
  readonly instance: string
  readonly limits: AlarmLimits
  readonly tell: TellAlarms
  /** Null while no clock is known. */
  readonly nowMs: () => number | null
  /** Null where there is none. */
  readonly spool: () => SpoolState | null
  /** Null while the log is not open. */
  readonly publish: () => PublishAlarms | null
}

export interface AlarmWatch {
  /** Decides, tells at once, and writes what is owed; resolves when the writing ended. */
  readonly run: () => Promise<void>
  readonly standing: () => readonly WebhookAlarm[]
}

/** Alarms that wait for Kafka; no more come together in the worst of hours. */
const OWED_MAX = 100
/** Rests after a writing that failed, so that a Kafka in trouble is not asked all the time. */
const RESTS = 5

/**
 * Watches how webhooks are answered. People, metrics and the health route learn of an alarm at
 * once; the log learns of it when it can, for its absence may be what the alarm is about.
 */
export function everySecond(parts: EverySecondParts): AlarmWatch {
  const { health, identity, instance, limits, tell } = parts
  let standing: readonly WebhookAlarm[] = []
  let owed: readonly AlarmEvent[] = []
  let isWriting = false
  let rests = 0
  let isFirstLook = true

  const decide = (nowMs: number): void => {
    const seen = { ...health.report(nowMs), spool: parts.spool() }
    const change = decideAlarms(standing, { seen, nowMs, limits })
    standing = change.standing
    for (const alarm of change.cleared) tell.alarmCleared(alarm)
    for (const alarm of change.raised) tell.alarmRaised(alarm)
    const around = { identity, instance, nowMs }
    const before = isFirstLook && seen.spool !== null ? endedBefore(standing, around) : []
    isFirstLook = false
    owed = [...owed, ...before, ...alarmEvents(change, around)].slice(-OWED_MAX)
  }

  const write = async (publish: PublishAlarms): Promise<void> => {
    const events = owed
    isWriting = true
    try {
      await publish(events)
      owed = owed.filter((event) => !events.includes(event))
    } catch (error) {
      rests = RESTS
      tell.alarmsNotWritten(owed.length, error)
    } finally {
      isWriting = false
    }
  }

  return {
    standing: () => standing,
    run: async () => {
      const nowMs = parts.nowMs()
      if (nowMs !== null) decide(nowMs)
      const publish = parts.publish()
      if (isWriting || owed.length === 0 || publish === null) return
      if (rests > 0) rests -= 1
      else await write(publish)
    },
  }
}
