import type { PluginOptInReceived, ReferralReceived } from '@otn/contracts'
import type { EventId } from '@otn/kernel'
import { happenedAt } from './happened-at.ts'

/** One way by which a person came to the page, with its sealed part (ref, userRef) as it came. */
export interface Entry {
  readonly type: EntryEvent['type']
  /** As the platform names it; null where it does not say. */
  readonly source: string | null
  readonly at: number
  readonly eventId: EventId
  readonly keyId: string
  readonly sealed: Buffer
}

export type EntryEvent = ReferralReceived | PluginOptInReceived

/** The first one, for attribution, and so many of the latest. */
const LATEST_MAX = 20

/** Ordered by time; what was told before changes nothing, though a repeat is sealed anew. */
export function withEntry(known: readonly Entry[], event: EntryEvent): readonly Entry[] {
  const { type, source = null, eventId, keyId, sealed } = event
  if (known.some((entry) => entry.eventId === eventId)) return known
  const entry = { type, source, at: happenedAt(event), eventId, keyId, sealed }
  const all = [...known, entry].sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1))
  const kept = all.filter((_, index) => index === 0 || index >= all.length - LATEST_MAX)
  return kept.includes(entry) ? kept : known
}

/**
 * What brought the person to the page first: the platform's own word, or the plugin. Who came by
 * search, or by a link that says nothing, is `unknown`; nothing is guessed.
 */
export function attributionOf([first]: readonly Entry[]): string {
  if (first?.type === 'PluginOptInReceived') return 'plugin'
  return first?.source ?? 'unknown'
}
