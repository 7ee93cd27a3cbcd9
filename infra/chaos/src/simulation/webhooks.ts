/** The platform's sender of webhooks: again and again until it hears a 200, some of them twice. */
import { appError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { IngressApi } from './ingress.ts'
import type { Judge } from './judge.ts'
import { APP_ID } from './platform.ts'
import type { Random } from './random.ts'
import type { GrantedToken, Person, SendRequest } from './send-request.ts'
import { onlyKilled } from './ticker.ts'
import type { Wire } from './wire.ts'

interface WebhookParts {
  readonly wire: Wire
  readonly random: Random
  readonly judge: Judge
  readonly actor: Actor
  readonly nowMs: () => number
  readonly ingress: () => IngressApi | null
}

const REPEAT_MS = 5_000
const away = () => appError('OTN_HTTP_UNAVAILABLE', { message: 'no answer' })

export class Webhooks {
  readonly #parts: WebhookParts
  /** Webhooks whose 200 was not heard yet. */
  open = 0

  constructor(parts: WebhookParts) {
    this.#parts = parts
  }

  /** Taps on Notify Me, packed into one body. */
  optIns(tokens: readonly GrantedToken[]): void {
    const items = tokens.map(({ page, psid, raw, topic, grantedAt }) => ({
      page,
      item: {
        ...{ sender: { id: psid }, recipient: { id: page }, timestamp: grantedAt },
        optin: {
          type: 'one_time_notif_req',
          payload: `otn1:${topic}:x`,
          one_time_notif_token: raw,
        },
      },
    }))
    this.#send(
      items,
      tokens.map(({ raw }) => raw),
    )
  }

  echo({ to, mid, metadata }: SendRequest & { to: Person; mid: string }): void {
    const { nowMs } = this.#parts
    const message = { is_echo: true, app_id: Number(APP_ID), metadata, mid }
    const people = { sender: { id: to.page }, recipient: { id: to.psid } }
    this.#send([{ page: to.page, item: { ...people, timestamp: nowMs(), message } }], [])
  }

  #send(items: readonly { page: string; item: object }[], tokens: readonly string[]): void {
    const time = this.#parts.nowMs()
    const entry = items.map(({ page, item }) => ({ id: page, time, messaging: [item] }))
    const body = Buffer.from(JSON.stringify({ object: 'page', entry }))
    this.open += 1
    void this.#deliver(body, tokens).catch(onlyKilled)
  }

  async #deliver(body: Buffer, tokens: readonly string[]): Promise<void> {
    const { wire, random, actor } = this.#parts
    await wire.sleep(actor, random.below(200))
    while (!(await this.#post(body, tokens))) await wire.sleep(actor, REPEAT_MS)
    this.open -= 1
    if (!random.chance(0.1)) return
    // Meta sends some twice.
    await wire.sleep(actor, random.below(60_000))
    await this.#post(body, tokens)
  }

  /** @returns whether a 200 was heard */
  async #post(body: Buffer, tokens: readonly string[]): Promise<boolean> {
    const { wire, actor, ingress, judge } = this.#parts
    const call = { label: 'webhook.post', effect: ingress, error: away, isRead: true }
    try {
      const api = await wire.call(actor, call)
      if (api === null || api.actor.isFrozen) throw away()
      await api.post(body)
      judge.acknowledged(tokens)
      const heard = { label: 'webhook.answer', effect: () => {}, error: away, isRead: true }
      await wire.call(actor, heard)
      return true
    } catch (error) {
      if (!actor.isAlive) throw error
      judge.failed(actor, error)
      return false
    }
  }
}
