/** Alarms and gaps of pages as facts of the log; the same one has the same id. Pure. */
import type { AlarmEvent } from '@otn/contracts'
import type { Identity, PageId } from '@otn/kernel'
import type { PageAlarm } from './page-alarms.ts'
import type { WatchDecision } from './watch.ts'

interface Around {
  readonly pageId: PageId
  readonly identity: Pick<Identity, 'event'>
  readonly nowMs: number
}

/** One fact for each change; a clearing names the alarm that it ends. */
export function alarmEvents(
  { raised, cleared, gap }: Pick<WatchDecision, 'raised' | 'cleared' | 'gap'>,
  around: Around,
): readonly AlarmEvent[] {
  const { pageId, identity, nowMs } = around
  const common = { pageId, at: nowMs, subject: `page ${pageId}` }
  const raisedId = ({ alarm, cause, episode = 0 }: PageAlarm) =>
    identity.event('AlarmRaised', pageId, [
      ...[alarm, cause],
      ...(episode === 0 ? [] : [String(episode)]),
    ])
  const cleanings = cleared.map((alarm): AlarmEvent => {
    const causationId = raisedId(alarm)
    const eventId = identity.event('AlarmCleared', pageId, [causationId])
    return { type: 'AlarmCleared', ...common, eventId, causationId, alarm: alarm.alarm }
  })
  const raisings = raised.map(({ severity, detail, ...alarm }): AlarmEvent => {
    const eventId = raisedId({ ...alarm, severity, detail })
    return { type: 'AlarmRaised', ...common, eventId, alarm: alarm.alarm, severity, detail }
  })
  return [...cleanings, ...raisings, ...(gap === null ? [] : [gapEvent(gap, around)])]
}

const GAP = 'webhooks-missed'

function gapEvent(
  { since, from, until }: NonNullable<WatchDecision['gap']>,
  { pageId, identity }: Around,
): AlarmEvent {
  // What it begins with names it: whoever tells it again after a crash tells it with another end.
  const eventId = identity.event('GapReported', pageId, [GAP, String(since)])
  const time = (ms: number) => new Date(ms).toISOString()
  return {
    ...{ type: 'GapReported', eventId, pageId, at: until, alarm: GAP, severity: 'critical' },
    subject: `page ${pageId}`,
    detail:
      `Webhooks of ${time(from)} to ${time(until)} may be missing: opt-ins of that time are lost ` +
      'for ever, messages and postbacks are in the inbox of the page.',
  }
}
