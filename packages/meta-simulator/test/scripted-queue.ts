/** A queue whose callback answers by script, on a clock that only jumps. */
import { createSimulatedClock } from '../src/clock/simulated-clock.ts'
import { createTimetable } from '../src/clock/timetable.ts'
import { namedDraw } from '../src/domain/random.ts'
import type { WebhookEvent } from '../src/domain/webhook-event.ts'
import { fairWeather, type WebhookWeather } from '../src/domain/webhook-weather.ts'
import { DeliveryQueue } from '../src/webhooks/delivery-queue.ts'
import type { PostResult, WebhookPost } from '../src/webhooks/post-webhook.ts'
import { type RetryProfile, retryProfiles } from '../src/webhooks/retry-profile.ts'

export const CALLBACK = 'http://callback'

export interface Script {
  readonly weather?: Partial<WebhookWeather>
  readonly retry?: RetryProfile
  readonly seed?: string
  readonly concurrency?: number
}

/** An event by its number, of the first page. */
export function event(n: number, pageId = '1000'): WebhookEvent {
  return { pageId, field: 'messages', array: 'messaging', item: { n } }
}

/** The status of each post in turn, or one rule for all; 200 after the end of a list. */
export type Answers =
  | readonly (number | null)[]
  | ((nowMs: number, post: WebhookPost) => number | null)

export function scripted(answers: Answers, script: Script = {}) {
  const { weather = {}, retry = retryProfiles.messenger, seed = 's', concurrency = 1 } = script
  const clock = createSimulatedClock({ startAtMs: 0, running: false })
  const timetable = createTimetable(clock)
  const posts: WebhookPost[] = []
  const postedAtMs: number[] = []
  const statusOf = (post: WebhookPost): number | null => {
    if (typeof answers === 'function') return answers(clock.nowMs(), post)
    return posts.length < answers.length ? (answers[posts.length] ?? null) : 200
  }
  const queue = new DeliveryQueue({
    concurrency,
    retry,
    weather: { ...fairWeather, ...weather },
    secrets: { appSecret: 'secret', formerAppSecret: 'former' },
    draw: (name) => namedDraw(seed, name),
    nowMs: clock.nowMs,
    retryTime: { nowMs: clock.nowMs, timetable },
    post: async (post): Promise<PostResult> => {
      const status = statusOf(post)
      posts.push(post)
      postedAtMs.push(clock.nowMs())
      const reason = status === null ? 'connection' : null
      return { status, fault: null, reason, tookMs: 1 }
    },
  })
  // Everything here is microtasks; a turn of the event loop lets all of them run.
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const jump = async (ms: number) => {
    clock.advance(ms)
    await turn()
  }
  /** The numbers of the events in each body. */
  const numbers = () =>
    posts.map(({ body }) => [...body.toString().matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n)))
  return { queue, posts, postedAtMs, numbers, turn, jump, nowMs: clock.nowMs }
}
