import type { AlarmEvent } from '@otn/contracts'
import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix, warn } from '../finding.ts'
import { plainText } from '../plain-text.ts'

const SHOWN_MAX = 10

export interface StandingAlarm {
  readonly alarm: string
  readonly severity: string
  readonly detail: string
  readonly at: number
}

export const alarms = defineCheck({
  id: 'alarms',
  needs: ['schemas', 'kafka-topics'],
  read: async ({ alarmEvents }) => standingAlarms(await alarmEvents()),
  judge: judgeAlarms,
})

/** Raised and not cleared since; an alarm is told apart by its code and subject. */
export function standingAlarms(events: readonly AlarmEvent[]): readonly StandingAlarm[] {
  const standing = new Map<string, StandingAlarm>()
  for (const { type, alarm, severity, subject, detail, at } of events) {
    const key = `${alarm}\n${subject ?? ''}`
    if (type === 'AlarmCleared') standing.delete(key)
    if (type !== 'AlarmRaised') continue
    const said = { alarm: plainText(alarm), severity: plainText(severity), at }
    standing.set(key, { ...said, detail: plainText(detail) })
  }
  return [...standing.values()].toSorted((a, b) => b.at - a.at)
}

function judgeAlarms(standing: readonly StandingAlarm[]): readonly Finding[] {
  if (standing.length === 0) return [ok('no alarm stands')]
  const shown = standing.slice(0, SHOWN_MAX).map(({ alarm, severity, detail }) => {
    const sentence = `${alarm} (${severity}): ${detail}`
    const fix = 'pnpm otn tail alarms --since 7d'
    return severity === 'critical' ? toFix(sentence, fix) : warn(sentence, fix)
  })
  const rest = standing.length - shown.length
  return rest === 0 ? shown : [...shown, warn(`${rest} more alarms stand`)]
}
