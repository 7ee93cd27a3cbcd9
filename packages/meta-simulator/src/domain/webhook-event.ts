import type { JsonObject } from './json-object.ts'

/** One event on its way to the app, with the page whose entry it belongs to. */
export interface WebhookEvent {
  readonly pageId: string
  /** The subscription field that it belongs to. */
  readonly field: string
  /** The array of the entry that it stands in. */
  readonly array: 'messaging' | 'standby' | 'changes'
  readonly item: JsonObject
}
