import { appError, type Clock } from '@otn/kernel'
import { request } from 'undici'

export interface BusinessClock extends Clock {
  close(): Promise<void>
}

/** The machine's clock as business clock: what production runs on. */
export const systemClock: BusinessClock = {
  nowMs: () => Date.now(),
  close: async () => {},
}

interface Tick {
  readonly nowMs: number
  readonly revision: number
  /** True while virtual time runs along with real time. */
  readonly running: boolean
}

/**
 * Follows a virtual clock: `GET <url>?follower=<name>` streams one JSON line per change, each is
 * confirmed by `POST <url>/confirm`, so that whoever moved the clock knows that all have seen it.
 * Between changes time runs on with the machine's monotonic clock where the tick says so.
 * @throws OTN_CONFIG_INVALID where the clock cannot be reached at start
 */
export async function followClock(url: string, follower: string): Promise<BusinessClock> {
  const stop = new AbortController()
  const state = { tick: { nowMs: 0, revision: -1, running: true }, seenAt: performance.now() }
  const first = Promise.withResolvers<void>()
  const apply = async (tick: Tick): Promise<void> => {
    Object.assign(state, { tick, seenAt: performance.now() })
    Object.assign(state, await confirmExactly(url, { follower, tick }))
    first.resolve()
  }
  void streamTicks({ url, follower, apply, signal: stop.signal }).catch(first.reject)
  const failed = (cause: unknown) => {
    const message = `OTN_CLOCK_URL: no clock answers at ${url}`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
  await first.promise.catch(failed)
  return {
    nowMs: () => {
      const { tick, seenAt } = state
      return tick.running ? Math.floor(tick.nowMs + performance.now() - seenAt) : tick.nowMs
    },
    close: async () => stop.abort(),
  }
}

interface Stream {
  readonly url: string
  readonly follower: string
  readonly apply: (tick: Tick) => Promise<void>
  readonly signal: AbortSignal
}

/** Reads ticks until stopped; reconnects for ever once it was connected. */
async function streamTicks({ url, follower, apply, signal }: Stream): Promise<void> {
  let connected = false
  while (!signal.aborted) {
    try {
      const target = `${url}?follower=${encodeURIComponent(follower)}`
      const { body } = await request(target, { signal, bodyTimeout: 0 })
      for await (const line of linesOf(body)) {
        await apply(JSON.parse(line))
        connected = true
      }
    } catch (error) {
      if (!connected) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function* linesOf(body: AsyncIterable<Buffer>): AsyncIterable<string> {
  let rest = ''
  for await (const chunk of body) {
    const parts = (rest + chunk.toString('utf8')).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) if (line.trim() !== '') yield line
  }
}

interface Seen {
  readonly tick: Tick
  /** Machine time at which the tick was true, ms. */
  readonly seenAt: number
}

const CONFIRM_TRIES_MAX = 5
const ROUND_TRIP_GOOD_MS = 10

/**
 * Confirms a tick, a few times where the answer was slow: a tick that waited in a busy process
 * shows a time that has passed, and the answer with the shortest round trip is off the least.
 */
async function confirmExactly(
  url: string,
  { follower, tick }: { readonly follower: string; readonly tick: Tick },
): Promise<Partial<Seen>> {
  let best: (Seen & { readonly roundTripMs: number }) | undefined
  for (let tries = 0; tries < CONFIRM_TRIES_MAX; tries += 1) {
    const since = performance.now()
    const answer = await confirm(url, follower, tick.revision)
    const roundTripMs = performance.now() - since
    if (answer?.revision !== tick.revision) break
    if (best === undefined || roundTripMs < best.roundTripMs) {
      best = { tick: answer, seenAt: since + roundTripMs / 2, roundTripMs }
    }
    if (roundTripMs < ROUND_TRIP_GOOD_MS) break
  }
  return best === undefined ? {} : { tick: best.tick, seenAt: best.seenAt }
}

async function confirm(url: string, follower: string, revision: number): Promise<Tick | null> {
  const { statusCode, body } = await request(`${url}/confirm`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ follower, revision }),
  })
  const text = await body.text()
  return statusCode === 200 ? JSON.parse(text) : null
}
