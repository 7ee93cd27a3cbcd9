/**
 * Quiet hours: a stretch of the day, by the clock on a wall in some time zone, in which nothing
 * goes out. Where that clock is set forward or back, what it shows counts. Pure but for the time
 * zone rules, which come with the runtime.
 */
import { HOUR_MS, MINUTE_MS } from '@otn/kernel'

const DAY_MINUTES = 24 * 60

export interface QuietHours {
  /** Minutes since midnight; the first minute that is quiet, and the first that is not. */
  readonly from: number
  readonly to: number
  /** Of the IANA database: `Asia/Tokyo`. */
  readonly zone: string
}

/** When the quiet hours of now end, ms since the epoch; null = it is not quiet. */
export function quietUntil(hours: QuietHours, nowMs: number): number | null {
  if (!isQuiet(hours, nowMs)) return null
  let at = nowMs
  for (;;) {
    const end = at + msUntil(hours.to, wallMs(hours.zone, at))
    const turn = clockSetBetween(hours.zone, at, end)
    if (turn === null) return end
    // From here on the wall shows another time, which may be past the end, or before it again.
    if (!isQuiet(hours, turn)) return turn
    at = turn
  }
}

function isQuiet({ from, to, zone }: QuietHours, at: number): boolean {
  const minute = minuteOfDay(wallMs(zone, at))
  return from < to ? from <= minute && minute < to : from <= minute || minute < to
}

/** What the wall shows, as if it were UTC. */
function wallMs(zone: string, at: number): number {
  return at + offsetMs(zone, at)
}

function minuteOfDay(wall: number): number {
  return Math.floor(modulo(wall, DAY_MINUTES * MINUTE_MS) / MINUTE_MS)
}

/** From what the wall shows to the next time that it shows this minute. */
function msUntil(minute: number, wall: number): number {
  const day = DAY_MINUTES * MINUTE_MS
  return modulo(minute * MINUTE_MS - wall, day) || day
}

/** The first instant after `from`, up to `to`, at which the clock was set; null = it was not. */
function clockSetBetween(zone: string, from: number, to: number): number | null {
  const before = offsetMs(zone, from)
  // Looked at hour by hour: two settings of one night may undo each other.
  for (let low = from; low < to; low += HOUR_MS) {
    const high = Math.min(low + HOUR_MS, to)
    if (offsetMs(zone, high) !== before) return clockSet(zone, low, high)
  }
  return null
}

/** The clock is set once between the two. */
function clockSet(zone: string, from: number, to: number): number {
  const before = offsetMs(zone, from)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(zone, middle) === before) low = middle
    else high = middle
  }
  return high
}

/** No zone sets its clock within a quarter of an hour of UTC, so each is looked up once. */
const QUARTER_MS = 15 * MINUTE_MS
const QUARTERS_MAX = 10_000
const known = new Map<string, number>()

/** What the wall is ahead of UTC. */
function offsetMs(zone: string, at: number): number {
  const quarter = Math.floor(at / QUARTER_MS)
  const key = `${zone} ${quarter}`
  const offset = known.get(key)
  if (offset !== undefined) return offset
  if (known.size >= QUARTERS_MAX) known.clear()
  const told = lookUpOffset(zone, quarter * QUARTER_MS)
  known.set(key, told)
  return told
}

function lookUpOffset(zone: string, at: number): number {
  const wall = formatOf(zone).format(at).replace(' ', 'T')
  return Date.parse(`${wall}Z`) - at
}

/** Commands name zones of their own, and one zone can be written in many ways. */
const FORMATS_MAX = 1_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** @throws RangeError where the zone is none */
function formatOf(zone: string): Intl.DateTimeFormat {
  const made = formats.get(zone)
  if (made) return made
  const two = '2-digit'
  const day = { year: 'numeric', month: two, day: two } as const
  const time = { hour: two, minute: two, second: two, hourCycle: 'h23' } as const
  // Writes an instant as ISO 8601 does, but for the blank in the middle.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...day, ...time })
  if (formats.size >= FORMATS_MAX) formats.clear()
  formats.set(zone, format)
  return format
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
