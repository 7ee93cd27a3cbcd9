import type { Draw, WebhookWeather } from '../domain/webhook-weather.ts'

/** Meta's own ceiling for one body. */
const EVENTS_MAX = 1_000

/** Cuts a run of things into bodies, full ones or, where sizes vary, of any size. */
export function cut<T>(
  things: readonly T[],
  weather: Pick<WebhookWeather, 'eventsPerPostMax' | 'sizesVary'>,
  draw: Draw,
): readonly (readonly T[])[] {
  const max = Math.min(weather.eventsPerPostMax, EVENTS_MAX)
  const pieces: T[][] = []
  for (let from = 0; from < things.length; ) {
    const size = weather.sizesVary ? 1 + Math.floor(draw(`size ${from}`) * max) : max
    pieces.push(things.slice(from, from + size))
    from += size
  }
  return pieces
}
