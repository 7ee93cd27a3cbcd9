import { standingAlarms } from '../doctor/checks/alarms.ts'
import type { Place } from '../doctor/place.ts'
import { plainText } from '../doctor/plain-text.ts'

const SHOWN_MAX = 100

/** What stands, and the last that was told; texts are masked where they may hold an id. */
export async function alarmsOf(place: Place) {
  const events = await place.alarmEvents()
  const told = events
    .map(({ at, type, alarm, severity = null, pageId = null, detail = null }) => ({
      ...{ at, type, alarm: plainText(alarm), pageId },
      severity: severity === null ? null : plainText(severity),
      detail: detail === null ? null : plainText(detail),
    }))
    .toSorted((a, b) => b.at - a.at)
  return { standing: standingAlarms(events), told: told.slice(0, SHOWN_MAX) }
}
