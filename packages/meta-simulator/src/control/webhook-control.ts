/** Where webhooks go, and how they fare. */
import { appError } from '@otn/kernel'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'

import { webhookJson } from '../domain/escaped-json.ts'
import type { SubscriptionChanged } from '../domain/facts.ts'
import { fairWeather, type WebhookWeather } from '../domain/webhook-weather.ts'
import type { Simulation } from '../simulation.ts'
import type { DeveloperAlert, LostEvent, RecentFault } from '../webhooks/delivery-log.ts'
import { shakeHands } from '../webhooks/handshake.ts'
import type { PostResult, WebhookPost } from '../webhooks/post-webhook.ts'
import { sign } from '../webhooks/sign.ts'
import { keyOf } from '../webhooks/sign-post.ts'
import { parseInput } from './parse-input.ts'
import { refused } from './refused.ts'
import {
  batchSchema,
  subscribeSchema,
  webhookSchema,
  webhookWeatherSchema,
} from './webhook-requests.ts'

export interface WebhookStatus {
  readonly callbackUrl: string | null
  /** After an hour without a 200; registering the callback again ends it. */
  readonly disabled: boolean
  /** Since when nothing was received, on the clock of the repeats. */
  readonly failingSinceMs: number | null
  /** Pages whose events nobody is told until they are subscribed again. */
  readonly unsubscribedPageIds: readonly string[]
  /** Events on their way: not answered 200 yet. */
  readonly waiting: number
  /** Events that will never come; the newest are listed with the reason. */
  readonly lost: number
  readonly lostEvents: readonly LostEvent[]
  readonly alerts: readonly DeveloperAlert[]
  readonly recentFaults: readonly RecentFault[]
}

export interface WebhookControl {
  /**
   * Registers the callback after Meta's handshake with it.
   *
   * @throws OTN_HTTP_CONFLICT when the callback does not echo the challenge
   */
  registerWebhook(input: z.input<typeof webhookSchema>): Promise<WebhookStatus>
  webhook(): WebhookStatus
  /** Tells the app of the events of a page, or of all pages, again; what was lost stays lost. */
  subscribePages(input?: z.input<typeof subscribeSchema>): WebhookStatus
  unsubscribePages(input?: z.input<typeof subscribeSchema>): WebhookStatus
  webhookWeather(): WebhookWeather
  /** Changes what is given, leaves the rest. */
  setWebhookWeather(input: z.input<typeof webhookWeatherSchema>): WebhookWeather
  clearWebhookWeather(): WebhookWeather
  /** Posts one body made of the given entries, once. @returns what the callback answered */
  sendBatch(input: z.input<typeof batchSchema>): Promise<PostResult>
  /** Resolves when nothing is on its way now; what is due later may wait for the clock. */
  quiet(): Promise<void>
  /** Resolves when every event so far was answered 200. */
  settled(): Promise<void>
}

export interface WebhookWires {
  readonly dispatcher: Dispatcher
  readonly answerTimeoutMs: number
  readonly post: (post: WebhookPost) => Promise<PostResult>
}

export function createWebhookControl(simulation: Simulation, wires: WebhookWires): WebhookControl {
  const { queue } = simulation
  const status = () => statusOf(simulation)
  const setWeather = (weather: WebhookWeather): WebhookWeather => {
    queue.weather = weather
    return weather
  }
  return {
    webhook: status,
    settled: () => queue.settled(),
    quiet: () => queue.quiet(),
    subscribePages: (input = {}) => subscribe(input, 'PageSubscribed', simulation),
    unsubscribePages: (input = {}) => subscribe(input, 'PageUnsubscribed', simulation),
    webhookWeather: () => queue.weather,
    setWebhookWeather: (input) => {
      const given = Object.entries(parseInput(webhookWeatherSchema, input))
      const present = Object.fromEntries(given.filter(([, value]) => value !== undefined))
      return setWeather({ ...queue.weather, ...present })
    },
    clearWebhookWeather: () => setWeather(fairWeather),
    registerWebhook: async (input) => {
      await register(parseInput(webhookSchema, input).callbackUrl, simulation, wires)
      return status()
    },
    sendBatch: async (input) => sendBatch(parseInput(batchSchema, input), simulation, wires),
  }
}

function statusOf({ queue, world }: Simulation): WebhookStatus {
  return {
    callbackUrl: queue.callback(),
    disabled: queue.isDisabled(),
    failingSinceMs: queue.failingSinceMs(),
    unsubscribedPageIds: [...world.unsubscribed],
    waiting: queue.waiting(),
    lost: queue.log.lostCount(),
    lostEvents: queue.log.lostEvents(),
    alerts: queue.log.alerts(),
    recentFaults: queue.log.recentFaults(),
  }
}

function subscribe(
  input: z.input<typeof subscribeSchema>,
  type: SubscriptionChanged['type'],
  simulation: Simulation,
): WebhookStatus {
  const { pageId } = parseInput(subscribeSchema, input)
  const { pages } = simulation.world
  if (pageId !== undefined && !pages.has(pageId)) throw refused('page-unknown')
  const pageIds = pageId === undefined ? [...pages.keys()] : [pageId]
  const atMs = simulation.clock.nowMs()
  simulation.tell(pageIds.map((id) => ({ type, pageId: id, atMs })))
  return statusOf(simulation)
}

async function register(
  callbackUrl: string,
  simulation: Simulation,
  { dispatcher, answerTimeoutMs }: WebhookWires,
): Promise<void> {
  const challenge = simulation.ids.challenge()
  const { verifyToken } = simulation.app
  const handshake = { callbackUrl, verifyToken, challenge, dispatcher, answerTimeoutMs }
  const fault = await shakeHands(handshake)
  if (fault !== null) throw notVerified(fault)
  simulation.tell([{ type: 'AppSubscribed', callbackUrl, fields: null }])
}

async function sendBatch(
  { object, entry, signature }: z.output<typeof batchSchema>,
  { app, queue }: Simulation,
  { post }: WebhookWires,
): Promise<PostResult> {
  const url = queue.callback()
  if (url === null) throw notVerified('nobody has registered one')
  const body = Buffer.from(webhookJson({ object, entry }), 'ascii')
  const signatures = signature === 'none' ? null : sign(body, keyOf(signature, app))
  return post({ url, body, signatures })
}

function notVerified(fault: string) {
  const publicMessage = `callbackUrl could not be verified: ${fault}`
  return appError('OTN_HTTP_CONFLICT', { message: publicMessage, publicMessage })
}
