/** Several apps of a page share its threads, and only who owns one may write in it. */
import type { Strictness } from './request-situation.ts'
import type { Finding, Rule } from './rule.ts'
import { sources } from './sources.ts'

/** The same words for messages and questions. */
export const threadRule = {
  version: 1,
  source: sources['S1-08'],
  reason: 'thread-owned-elsewhere',
  text: 'another app owns the thread with the person',
  next: 'Let it hand the thread over; DISPATCHER_THREAD_OWNED says whether commands wait for that.',
} as const satisfies Omit<Rule<never>, 'id' | 'judge'>

export function threadFinding({
  threadElsewhere: kind = null,
}: {
  readonly threadElsewhere?: Strictness | null
}): Finding | null {
  return kind === null ? null : { kind }
}
