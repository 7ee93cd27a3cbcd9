/** Alarms as facts of the log: the same alarm has the same id, however often it is told. Pure. */
import type { AlarmEvent } from '@otn/contracts'
import type { EventId, Identity } from '@otn/kernel'
import { NO_PAGE } from '@otn/policy'
import { type AlarmChange, SPOOL_ALARMS, type WebhookAlarm } from './webhook-alarms.ts'

interface Around {
  readonly identity: Pick<Identity, 'event'>
  /** Which ingress it is: another one neither ends nor renews its alarms. */
  readonly instance: string
  readonly nowMs: number
}

/** What these alarms are about, and the key of their records. */
function subjectOf(instance: string): string {
  return `webhook at ${instance}`
}

/** One fact for each change. A clearing names the alarm that it ends. */
export function alarmEvents(
  { raised, cleared }: Pick<AlarmChange, 'raised' | 'cleared'>,
  around: Around,
): readonly AlarmEvent[] {
  const { identity } = around
  return [
    ...cleared.map((alarm): AlarmEvent => {
      const causationId = raisedId(alarm, around)
      const eventId = identity.event('AlarmCleared', NO_PAGE, [causationId])
      return { ...common(alarm, around), type: 'AlarmCleared', eventId, causationId }
    }),
    ...raised.map((alarm): AlarmEvent => {
      const { severity, detail } = alarm
      const eventId = raisedId(alarm, around)
      return { ...common(alarm, around), type: 'AlarmRaised', eventId, severity, detail }
    }),
  ]
}

/**
 * What a former process of this ingress may have left standing about its spool, and is over: that
 * process is the only other one that could have told so.
 */
export function endedBefore(
  standing: readonly WebhookAlarm[],
  around: Around,
): readonly AlarmEvent[] {
  const { identity, instance, nowMs } = around
  const over = SPOOL_ALARMS.filter((alarm) => standing.every((one) => one.alarm !== alarm))
  return over.map((alarm): AlarmEvent => {
    const parts = [alarm, 'start', instance, String(nowMs)]
    const eventId = identity.event('AlarmCleared', NO_PAGE, parts)
    return { ...common({ alarm }, around), type: 'AlarmCleared', eventId }
  })
}

function common({ alarm }: Pick<WebhookAlarm, 'alarm'>, { instance, nowMs }: Around) {
  return { pageId: null, at: nowMs, alarm, subject: subjectOf(instance) }
}

function raisedId(
  { alarm, severity, sinceMs }: WebhookAlarm,
  { identity, instance }: Around,
): EventId {
  return identity.event('AlarmRaised', NO_PAGE, [alarm, severity, String(sinceMs), instance])
}
