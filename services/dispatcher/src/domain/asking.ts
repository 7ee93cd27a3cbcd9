/** What our own books say of questions put to people: who was asked, about what, when. */
import type { Identity, PageId, PersonId } from '@otn/kernel'
import { type Command, stateOf } from './command.ts'

/** Leave to ask one person about one topic: of several commands one has it at a time. */
export type AskingSlot = `ask:${string}`

/** A question that reached a person, or may have. */
export interface Asked {
  readonly pageId: PageId
  readonly person: PersonId
  readonly topic: string
  /** Digest of the words; null = nobody knows. */
  readonly titleDigest: string | null
  /** When the call was meant, business clock. */
  readonly at: number
}

/**
 * Kept from all others while the call is under way. Afterwards the question itself is in the books,
 * where the next one looks once it has the slot.
 */
export function askingSlot(command: Command): AskingSlot | null {
  const { asks, person, topic, route } = command
  if (asks === null || route !== 'WINDOW' || stateOf(command) !== 'attempting') return null
  return `ask:${person ?? ''}:${topic ?? ''}`
}

/** Null where the command put no question, as far as is known. */
export function askedBy(command: Command): Asked | null {
  const { asks, pageId, person, topic, attempts } = command
  const [state, at] = [stateOf(command), attempts.at(-1)?.startedAt ?? null]
  const mayBeOut = state === 'attempting' || state === 'in-doubt' || state === 'sent'
  if (asks === null || !mayBeOut || person === null || topic === null || at === null) return null
  return { pageId, person, topic, titleDigest: asks.titleDigest, at }
}

/** Clocks of the platform and ours may differ by so much: an answer is none before its question. */
const SKEW_MS = 60_000

/**
 * Since when a question about a topic waits for its answer; null = none does.
 * @param grants when the person agreed to that topic, ms since the epoch
 */
export function openSince(
  asked: readonly Pick<Asked, 'at'>[],
  { grants, nowMs, openMs }: Answers,
): number | null {
  const lastGrant = Math.max(Number.NEGATIVE_INFINITY, ...grants)
  const open = asked.filter(({ at }) => at + openMs > nowMs && lastGrant < at - SKEW_MS)
  return open.length === 0 ? null : Math.max(...open.map(({ at }) => at))
}

/** Tells words from other words on the log, without saying them. */
export function titleDigestOf(
  { digest }: Pick<Identity, 'digest'>,
  title: string | null | undefined,
): string | null {
  return title ? digest(`title:${title}`) : null
}

/** When somebody was last asked in these words, answered or not; null = never of late. */
export function sameTitleAt(
  asked: readonly Pick<Asked, 'at' | 'titleDigest'>[],
  { titleDigest, nowMs, openMs }: Words,
): number | null {
  if (titleDigest === null) return null
  const same = asked.filter((one) => one.titleDigest === titleDigest && one.at + openMs > nowMs)
  return same.length === 0 ? null : Math.max(...same.map(({ at }) => at))
}

interface Words {
  readonly titleDigest: string | null
  readonly nowMs: number
  /** How long nobody is asked in the same words. */
  readonly openMs: number
}

interface Answers {
  readonly grants: readonly number[]
  readonly nowMs: number
  /** How long a question without an answer stands. */
  readonly openMs: number
}
