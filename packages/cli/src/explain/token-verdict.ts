import { type CommandState, commandFold } from '@otn/client'
import type { NotificationEvent } from '@otn/contracts'
import { DAY_MS, fold } from '@otn/kernel'
import { showInstant } from '../output/instant.ts'
import { callFacts } from './call-facts.ts'
import type { StoryFact } from './story.ts'
import type { Verdict } from './verdict.ts'

/** A token is good for a year, less a margin of a day (design 10). */
const LIFE_MS = 364 * DAY_MS

/**
 * How a token stands, from every fact about it: what happened at Meta first, what may be happening
 * next, what people decided last.
 */
export function tokenVerdict(facts: readonly StoryFact[], nowMs: number): Verdict {
  const commands = commandsOf(facts)
  const has = (standing: Standing) => commands.some((state) => standingOf(state) === standing)
  if (has('redeemed')) return verdict('good', 'redeemed', 'its one message went out')
  if (has('in-doubt')) return verdict('open', 'in-doubt', 'its message may be out')
  if (has('reserved')) return verdict('open', 'reserved', 'held by a command under way')
  if (has('rejected')) return verdict('bad', 'rejected', 'the platform refuses it')
  if (hasType(facts, 'TokenWithdrawn') || hasType(facts, 'ConsentWithdrawn')) {
    return verdict('bad', 'withdrawn', 'the person withdrew the consent')
  }
  const granted = facts.find((fact) => fact.topic === 'optIn')?.decoded.value.grantedAt
  if (granted === undefined) return verdict('open', 'unknown', 'its opt-in is not on the log')
  const expiresAt = granted + LIFE_MS
  if (nowMs >= expiresAt) {
    return verdict('bad', 'expired', `at ${showInstant(expiresAt)}`)
  }
  return verdict('good', 'live', `may be spent until ${showInstant(expiresAt)}`)
}

type Standing = 'redeemed' | 'in-doubt' | 'reserved' | 'rejected' | 'free'

const NEXT: Readonly<Record<string, string>> = {
  redeemed: 'Ask for consent again before the next message.',
  'in-doubt': 'An echo, a probe or an operator may still settle it; it is held until then.',
  reserved: 'The command that holds it will spend it or let it go.',
  rejected: 'Ask for consent again.',
  withdrawn: 'Do not send; the person may tap Notify Me again.',
  unknown: 'If its opt-in is found later, it counts from its own time.',
  expired: 'Ask for consent again.',
  live: 'One command for its topic may spend it.',
}

function verdict(mark: Verdict['mark'], state: string, sentence: string): Verdict {
  return { mark, state, sentence, reason: null, next: [NEXT[state] ?? ''] }
}

/** The state of each command that ever called with the token. */
function commandsOf(facts: readonly StoryFact[]): readonly CommandState[] {
  const byCommand = Map.groupBy(
    callFacts(facts),
    ({ pageId, commandId }) => `${pageId}:${commandId}`,
  )
  return [...byCommand.values()].map((own: readonly NotificationEvent[]) => fold(commandFold, own))
}

function standingOf({ final, doubt, open }: CommandState): Standing {
  if (final?.type === 'NotificationSent') return 'redeemed'
  if (final) return final.attempt > 0 && final.tokenReleased !== true ? 'rejected' : 'free'
  if (doubt) return 'in-doubt'
  return open?.type === 'NotificationAttempted' ? 'reserved' : 'free'
}

function hasType(facts: readonly StoryFact[], type: string): boolean {
  return facts.some(({ decoded }) => 'type' in decoded.value && decoded.value.type === type)
}
