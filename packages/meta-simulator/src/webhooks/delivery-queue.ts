/**
 * The webhooks on their way to one callback. Every body goes out until it is received; bodies in
 * flight do not wait for each other, so order is not promised, as it is not by Meta. What the
 * weather does to an event depends on the seed and the number of the event alone.
 */
import { createHash } from 'node:crypto'

import type { Timetable } from '../clock/timetable.ts'
import type { WebhookEvent } from '../domain/webhook-event.ts'
import { type Draw, fateOf, type WebhookWeather } from '../domain/webhook-weather.ts'
import { DeliveryLog, type LossReason } from './delivery-log.ts'
import { isReceived } from './is-received.ts'
import { createMoments } from './moments.ts'
import { type AfterPost, afterPost, noOutage, type Outage } from './outage.ts'
import {
  comeBack,
  type Delivered,
  firstPostOf,
  type Parcel,
  pagesOf,
  parcelsOf,
  setOut,
  type Waiting,
} from './parcel.ts'
import type { PostResult, WebhookPost } from './post-webhook.ts'
import { type RetryProfile, retryDelayMs } from './retry-profile.ts'
import { type AppSecrets, signPost } from './sign-post.ts'

export interface DeliveryQueueInput {
  /** Bodies in flight at once. 1 keeps the order while nothing fails. */
  readonly concurrency: number
  readonly retry: RetryProfile
  readonly weather: WebhookWeather
  readonly secrets: AppSecrets
  /** A number of the seed by its name. */
  readonly draw: Draw
  readonly nowMs: () => number
  /** Whose time the waits are. */
  readonly retryTime: { readonly nowMs: () => number; readonly timetable: Timetable }
  readonly post: (post: WebhookPost) => Promise<PostResult>
}

export class DeliveryQueue {
  readonly log = new DeliveryLog()
  weather: WebhookWeather
  readonly #input: DeliveryQueueInput
  /** Everything that was neither received nor lost. */
  readonly #open = new Set<Waiting>()
  #gathered: Waiting[] = []
  #fallenDue: Waiting[] = []
  readonly #ready: Parcel[] = []
  readonly #repeats: Parcel[] = []
  readonly #moments = createMoments()
  #onDisabled: (pageIds: readonly string[]) => void = () => {}
  #callback: string | null = null
  #isDisabled = false
  #outage: Outage = noOutage
  #inFlight = 0
  #count = 0
  #isClosed = false

  constructor(input: DeliveryQueueInput) {
    this.#input = input
    this.weather = input.weather
  }

  /** @returns false when nobody receives: the event is lost, as Meta keeps no history. */
  add(event: WebhookEvent, onDelivered?: (delivered: Delivered) => void): boolean {
    if (this.#callback === null || this.#isDisabled) {
      this.lose(event, this.#callback === null ? 'no-callback' : 'webhooks-disabled')
      return false
    }
    const number = this.#count
    this.#count += 1
    const fate = fateOf(event, this.weather, this.#drawOf(`event ${number}`))
    for (const [copy, waitMs] of fate.waitsMs.entries()) {
      const told = copy === 0 ? onDelivered : undefined
      const fresh = { firstPostAtMs: null, posts: 0, isInFlight: false }
      const waiting: Waiting = { number, event: fate.event, onDelivered: told, ...fresh }
      this.#open.add(waiting)
      if (waitMs === 0) this.#gather(waiting)
      else this.#after(waitMs, () => this.#gather(waiting))
    }
    return true
  }

  /** Counts an event that nobody will ever be told. */
  lose(event: WebhookEvent, reason: LossReason): void {
    this.log.lose(event, reason, this.#input.nowMs())
  }

  /** Where bodies go from now on, those that wait for a repeat included. */
  setCallback(url: string): void {
    this.#callback = url
    this.#isDisabled = false
    this.#outage = noOutage
    this.#pump()
  }

  /** Called once webhooks are disabled, with the pages whose events had not arrived. */
  onDisabled(listener: (pageIds: readonly string[]) => void): void {
    this.#onDisabled = listener
  }

  callback(): string | null {
    return this.#callback
  }

  isDisabled(): boolean {
    return this.#isDisabled
  }

  /** Since when nothing was received, on the clock of the repeats; null when all is well. */
  failingSinceMs(): number | null {
    return this.#outage.sinceMs
  }

  /** Events, and duplicates of events, that were not received yet. */
  waiting(): number {
    return this.#open.size
  }

  /** Resolves when nothing waits any more, or at the end. */
  settled(): Promise<void> {
    return this.#moments.when(() => this.#open.size === 0 || this.#isClosed)
  }

  /** Resolves when nothing is on its way at this time of the clock; what is due later may wait. */
  quiet(): Promise<void> {
    const mayGather = () => this.weather.gatherMs > 0 || this.#gathered.length === 0
    const isEmpty = () => this.#ready.length + this.#repeats.length + this.#fallenDue.length === 0
    return this.#moments.when(
      () => this.#isClosed || (this.#inFlight === 0 && isEmpty() && mayGather()),
    )
  }

  /** Posts nothing more; what waits is forgotten. */
  close(): void {
    this.#isClosed = true
    this.#moments.look()
  }

  #after(waitMs: number, task: () => void): void {
    const { nowMs, timetable } = this.#input.retryTime
    timetable.at(nowMs() + waitMs, task)
  }

  #gather(waiting: Waiting): void {
    this.#gathered.push(waiting)
    const { gatherMs, eventsPerPostMax } = this.weather
    const isFirst = this.#gathered.length === 1
    if (gatherMs > 0 && this.#gathered.length >= eventsPerPostMax) this.#pack()
    else if (isFirst && gatherMs > 0) this.#after(gatherMs, () => this.#pack())
    // After this turn, so that events of one act can share a body.
    else if (isFirst) queueMicrotask(() => this.#pack())
  }

  #pack(): void {
    const items = this.#gathered
    this.#gathered = []
    this.#ready.push(...this.#parcels(items, 0))
    this.#pump()
  }

  /** Whatever fell due in one turn is put into new bodies, in the order of the events. */
  #repack(): void {
    const items = this.#fallenDue.toSorted((a, b) => a.number - b.number)
    this.#fallenDue = []
    this.#repeats.push(...this.#parcels(items, Math.max(...items.map(({ posts }) => posts))))
    this.#pump()
  }

  #parcels(items: readonly Waiting[], posts: number): readonly Parcel[] {
    const present = items.filter((item) => this.#open.has(item))
    const draw = this.#drawOf(`pack ${present[0]?.number} ${posts}`)
    return parcelsOf(present, { weather: this.weather, draw, timeMs: this.#input.nowMs() })
  }

  #drawOf(subject: string): Draw {
    return (name) => this.#input.draw(`${subject} ${name}`)
  }

  #pump(): void {
    const { concurrency } = this.#input
    while (!this.#isClosed && this.#callback !== null && this.#inFlight < concurrency) {
      const parcel = this.#repeats.shift() ?? this.#ready.shift()
      if (parcel === undefined) break
      // What was lost meanwhile was lost as a whole: a body is never taken apart.
      if (parcel.items.every((item) => this.#open.has(item))) {
        void this.#carry(parcel, this.#callback)
      }
    }
    this.#moments.look()
  }

  async #carry(parcel: Parcel, url: string): Promise<void> {
    const { body, items, posts } = parcel
    const draw = this.#drawOf(`post ${items[0]?.number} ${posts}`)
    const signatures = signPost({ body, weather: this.weather, draw }, this.#input.secrets)
    this.#inFlight += 1
    setOut(items, this.#input.retryTime.nowMs())
    const result = await this.#input.post({ url, body, signatures })
    this.#inFlight -= 1
    comeBack(parcel)
    if (this.#isClosed) return
    this.#conclude(parcel, result)
    this.#pump()
  }

  #conclude(parcel: Parcel, result: PostResult): void {
    const wasReceived = isReceived(result.status, this.weather)
    const posted = { wasReceived, nowMs: this.#input.retryTime.nowMs() }
    const { outage, news } = afterPost(this.#outage, posted, this.#input.retry)
    this.#outage = outage
    if (wasReceived) this.#finish(parcel, result)
    else this.#fail(parcel, result, news)
  }

  #fail(parcel: Parcel, result: PostResult, news: AfterPost['news']): void {
    this.#note(parcel, result)
    if (news === 'alert') this.#alert('webhooks-failing')
    if (news === 'disable') this.#disable()
    if (this.#isDisabled) this.#giveUp(parcel.items, 'webhooks-disabled')
    else this.#repeatLater(parcel)
  }

  #finish({ items, posts }: Parcel, { tookMs }: PostResult): void {
    const atMs = this.#input.nowMs()
    for (const item of items) {
      this.#open.delete(item)
      item.onDelivered?.({ posts, atMs, tookMs })
    }
  }

  #note({ items, body, posts }: Parcel, { status, fault, reason }: PostResult): void {
    this.log.fail({
      atMs: this.#input.nowMs(),
      pageIds: pagesOf(items),
      reason: reason ?? 'status',
      status,
      fault,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      events: items.length,
      posts,
    })
  }

  #repeatLater(parcel: Parcel): void {
    const { retry, retryTime } = this.#input
    const { dropAfterMs = Infinity } = retry
    if (retryTime.nowMs() - firstPostOf(parcel) >= dropAfterMs) {
      this.#giveUp(parcel.items, 'repeated-too-long')
      return
    }
    const repeat = this.weather.rebatchOnRetry ? this.#repeatAnew : this.#repeatAsItWas
    this.#after(retryDelayMs(retry, parcel.posts), () => repeat(parcel))
  }

  readonly #repeatAsItWas = (parcel: Parcel): void => {
    this.#repeats.push(parcel)
    this.#pump()
  }

  readonly #repeatAnew = ({ items }: Parcel): void => {
    if (this.#fallenDue.length === 0) queueMicrotask(() => this.#repack())
    this.#fallenDue.push(...items)
  }

  #alert(kind: 'webhooks-failing' | 'webhooks-disabled'): readonly string[] {
    const pageIds = pagesOf([...this.#open])
    const text =
      kind === 'webhooks-failing'
        ? 'Your callback does not answer 200. Look at the recent errors.'
        : 'Webhooks Disabled: the app is unsubscribed. Register the callback and each page again.'
    this.log.alert({ atMs: this.#input.nowMs(), kind, pageIds, text })
    return pageIds
  }

  #disable(): void {
    this.#isDisabled = true
    const pageIds = this.#alert('webhooks-disabled')
    this.#giveUp(
      [...this.#open].filter(({ isInFlight }) => !isInFlight),
      'webhooks-disabled',
    )
    this.#onDisabled(pageIds)
  }

  #giveUp(items: readonly Waiting[], reason: LossReason): void {
    for (const item of items) {
      if (this.#open.delete(item)) this.lose(item.event, reason)
    }
  }
}
