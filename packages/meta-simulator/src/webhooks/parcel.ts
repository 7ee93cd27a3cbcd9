/** Events that travel together in one body, and the notes on each of them. */
import type { WebhookEvent } from '../domain/webhook-event.ts'
import type { Draw, WebhookWeather } from '../domain/webhook-weather.ts'
import { cut } from './cut.ts'
import { webhookBody } from './webhook-body.ts'

/** How a webhook ended: it was received at last. */
export interface Delivered {
  readonly posts: number
  /** The simulator's clock. */
  readonly atMs: number
  /** Real milliseconds of the post that was answered. */
  readonly tookMs: number
}

/** An event, or a duplicate of one, that was neither received nor lost. */
export interface Waiting {
  /** Its place among all events; a duplicate has that of its event. */
  readonly number: number
  readonly event: WebhookEvent
  readonly onDelivered: ((delivered: Delivered) => void) | undefined
  firstPostAtMs: number | null
  posts: number
  isInFlight: boolean
}

export interface Parcel {
  readonly items: readonly Waiting[]
  readonly body: Buffer
  posts: number
}

export interface Packing {
  readonly weather: WebhookWeather
  readonly draw: Draw
  readonly timeMs: number
}

/** Puts events into bodies. */
export function parcelsOf(
  items: readonly Waiting[],
  { weather, draw, timeMs }: Packing,
): readonly Parcel[] {
  return cut(items, weather, draw).map((part): Parcel => {
    const events = part.map(({ event }) => event)
    const posts = part.reduce((most, item) => Math.max(most, item.posts), 0)
    return { items: part, body: webhookBody(events, timeMs), posts }
  })
}

/** Notes that a post begins. */
export function setOut(items: readonly Waiting[], nowMs: number): void {
  for (const item of items) {
    item.isInFlight = true
    item.firstPostAtMs ??= nowMs
  }
}

/** Notes that a post ended. */
export function comeBack(parcel: Parcel): void {
  parcel.posts += 1
  for (const item of parcel.items) {
    item.isInFlight = false
    item.posts = parcel.posts
  }
}

/** When the eldest of a parcel went out first. */
export function firstPostOf({ items }: Parcel): number {
  return items.reduce((least, item) => Math.min(least, item.firstPostAtMs ?? Infinity), Infinity)
}

/** The pages that events belong to. */
export function pagesOf(items: readonly Waiting[]): readonly string[] {
  return [...new Set(items.map(({ event }) => event.pageId))]
}
