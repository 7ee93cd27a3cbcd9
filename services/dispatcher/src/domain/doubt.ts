/** A verdict in doubt as people see it: what is known of it, nothing of whom it was meant for. */
import type { CommandId, PageId, TokenId } from '@otn/kernel'
import { type Command, doubtedAttempt, stateOf, unknownOf } from './command.ts'

export interface Doubt {
  readonly pageId: PageId
  readonly commandId: CommandId
  /** The last attempt that may have sent. */
  readonly attempt: number
  /** Business clock. */
  readonly since: number
  /** Held until the doubt is settled. */
  readonly tokenId: TokenId | null
  readonly topic: string | null
  readonly reason: string | null
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly fbtraceId: string | null
  /** What the platform answered, redacted. */
  readonly detail: string | null
}

/** Null where the verdict is not in doubt. */
export function doubtOf(command: Command): Doubt | null {
  const attempt = doubtedAttempt(command)
  const since = doubtSince(command)
  if (attempt === null || since === null) return null
  const { pageId, commandId, topic } = command
  const { number, tokenId, reason, graphCode, graphSubcode, fbtraceId, detail } = attempt
  const answer = { reason, graphCode, graphSubcode, fbtraceId, detail }
  return { pageId, commandId, attempt: number, since, tokenId, topic, ...answer }
}

/** Since when nobody knows whether one of its attempts sent; null where it is in no doubt. */
export function doubtSince(command: Command): number | null {
  if (stateOf(command) !== 'in-doubt') return null
  const unknown = unknownOf(command)
  const attempts = command.attempts.filter(({ number }) => unknown.includes(number))
  return Math.min(...attempts.map(({ endedAt, startedAt }) => endedAt ?? startedAt ?? Infinity))
}
