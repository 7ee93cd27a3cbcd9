import { webhookJson } from '../domain/escaped-json.ts'
import type { WebhookEvent } from '../domain/webhook-event.ts'

interface Entry {
  readonly id: string
  readonly array: WebhookEvent['array']
  readonly items: unknown[]
}

/** The bytes of a webhook: one entry per run of events of the same page and array, order kept. */
export function webhookBody(events: readonly WebhookEvent[], timeMs: number): Buffer {
  const entries: Entry[] = []
  for (const { pageId, array, item } of events) {
    const last = entries.at(-1)
    if (last !== undefined && last.id === pageId && last.array === array) last.items.push(item)
    else entries.push({ id: pageId, array, items: [item] })
  }
  const entry = entries.map(({ id, array, items }) => ({ id, time: timeMs, [array]: items }))
  return Buffer.from(webhookJson({ object: 'page', entry }), 'ascii')
}
