/** When nothing goes out: for all pages, or by page. */
import { isTimeZone, type PageId } from '@otn/kernel'
import { type SettingFault, setting, type Values } from '@otn/runtime'
import { type QuietHours, quietUntil } from './domain/quiet-hours.ts'
import type { QuietQuestion } from './ports.ts'

export const quietSettings = {
  quietHours: setting.optionalText({
    env: 'DISPATCHER_QUIET_HOURS',
    sentence:
      'When nothing goes out, by commas: 22:00-08:00 for all pages, ' +
      'PAGEID=21:00-09:00 or PAGEID=off for one.',
  }),
  timeZones: setting.optionalText({
    env: 'DISPATCHER_TIME_ZONES',
    sentence:
      'IANA time zones of quiet hours, by commas: Europe/Zurich for all pages, ' +
      'PAGEID=Asia/Tokyo for one. A command may name that of its person.',
  }),
} as const

type QuietValues = Values<typeof quietSettings>
type Times = Pick<QuietHours, 'from' | 'to'>

/** By page; null = of all others. */
type ByPage<T> = ReadonlyMap<string | null, T>

const ENTRY = /^(?:(\d{1,32})=)?(.+)$/
const HOURS = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/

/** Asked with each decision: answers when the quiet hours of now end, null = it is not quiet. */
export function quietHoursOf({
  quietHours,
  timeZones,
}: QuietValues): (question: QuietQuestion) => number | null {
  const hours = parse(quietHours, timesOf) ?? new Map<string | null, Times | 'off'>()
  const zones = parse(timeZones, zoneOf) ?? new Map<string | null, string>()
  return ({ pageId, nowMs, timeZone }) => {
    const [times, zone] = [of(hours, pageId), timeZone ?? of(zones, pageId)]
    if (times === null || times === 'off' || zone === null) return null
    return quietUntil({ ...times, zone }, nowMs)
  }
}

/** What no setting shows by itself. */
export function quietFaults({ quietHours, timeZones }: QuietValues): readonly SettingFault[] {
  const [hours, zones] = [parse(quietHours, timesOf), parse(timeZones, zoneOf)]
  if (hours === null) {
    const wanted = 'HH:MM-HH:MM or off, PAGEID= before it for one page; each page once, by commas'
    return [fault('DISPATCHER_QUIET_HOURS', `"${quietHours}"`, wanted, '22:00-08:00')]
  }
  if (zones === null) {
    const wanted = 'IANA time zones, PAGEID= before it for one page; each page once, by commas'
    return [fault('DISPATCHER_TIME_ZONES', `"${timeZones}"`, wanted, 'Europe/Zurich')]
  }
  const zoneless = [...hours].filter(
    ([page, times]) => times !== 'off' && !zones.has(page) && !zones.has(null),
  )
  if (zoneless.length === 0) return []
  const pages = zoneless.map(([page]) => page ?? 'all pages').join(', ')
  const got = `no zone of ${pages}, which DISPATCHER_QUIET_HOURS names`
  return [fault('DISPATCHER_TIME_ZONES', got, 'a zone for each of them', 'Europe/Zurich')]
}

function of<T>(values: ByPage<T>, page: PageId): T | null {
  return values.get(page) ?? values.get(null) ?? null
}

/** Null where an entry is none, or a page has two. */
function parse<T>(text: string | null, read: (entry: string) => T | null): ByPage<T> | null {
  const parts = (text ?? '').split(',').map((part) => part.trim())
  const values = new Map<string | null, T>()
  for (const part of parts.filter((entry) => entry !== '')) {
    const [, page = null, entry = ''] = ENTRY.exec(part) ?? []
    const value = read(entry)
    if (value === null || values.has(page)) return null
    values.set(page, value)
  }
  return values
}

function timesOf(entry: string): Times | 'off' | null {
  if (entry === 'off') return entry
  const [fromHour = 24, fromMinute = 0, toHour = 24, toMinute = 0] =
    HOURS.exec(entry)?.slice(1).map(Number) ?? []
  const isTime = Math.max(fromHour, toHour) < 24 && Math.max(fromMinute, toMinute) < 60
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute]
  return isTime && from !== to ? { from, to } : null
}

function zoneOf(entry: string): string | null {
  return isTimeZone(entry) ? entry : null
}

function fault(env: string, got: string, wanted: string, example: string): SettingFault {
  return { env, got, wanted, example }
}
