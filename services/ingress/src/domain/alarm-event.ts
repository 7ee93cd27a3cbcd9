/** Alarms as facts of the log: the same alarm has the same id, however often it is told. Pure. */
import type { AlarmEvent } from '@otn/contracts'
import type { EventId, Identity } from '@otn/kernel'
import { NO_PAGE } from '@otn/policy'
import type { AlarmChange, WebhookAlarm } from './webhook-alarms.ts'

/** What these alarms are about, and the key of their records. */
export const ALARM_SUBJECT = 'webhook'

interface Around {
  readonly identity: Pick<Identity, 'event'>
  readonly nowMs: number
}

/** One fact for each change. A clearing names the alarm that it ends. */
export function alarmEvents(
  { raised, cleared }: Pick<AlarmChange, 'raised' | 'cleared'>,
  { identity, nowMs }: Around,
): readonly AlarmEvent[] {
  return [
    ...cleared.map((alarm): AlarmEvent => {
      const causationId = raisedId(alarm, identity)
      const eventId = identity.event('AlarmCleared', NO_PAGE, [causationId])
      return { ...common(alarm, nowMs), type: 'AlarmCleared', eventId, causationId }
    }),
    ...raised.map((alarm): AlarmEvent => {
      const { severity, detail } = alarm
      const eventId = raisedId(alarm, identity)
      return { ...common(alarm, nowMs), type: 'AlarmRaised', eventId, severity, detail }
    }),
  ]
}

function common({ alarm }: WebhookAlarm, nowMs: number) {
  return { pageId: null, at: nowMs, alarm, subject: ALARM_SUBJECT }
}

function raisedId(
  { alarm, severity, sinceMs }: WebhookAlarm,
  identity: Around['identity'],
): EventId {
  return identity.event('AlarmRaised', NO_PAGE, [alarm, severity, String(sinceMs)])
}
