/**
 * Whether a person may be asked, in the order in which it is asked: what the command says of
 * itself, what the page is, what the person's standing and our own books allow.
 */
import { DAY_MS, HOUR_MS } from '@otn/kernel'
import type { RequestSettings, RequestSituation } from './request-situation.ts'
import { type RequestRule, requestWords } from './request-words.ts'
import { type Finding, type RuleSet, refusedIf } from './rule.ts'
import { sources } from './sources.ts'
import { threadFinding, threadRule } from './thread-rule.ts'

const pageRules: readonly RequestRule[] = [
  {
    id: 'request-page-known',
    version: 1,
    source: sources['S1-04'],
    reason: 'page-unknown',
    text: 'the page is not connected here',
    next: 'Import the page, then publish the command under a new commandId.',
    judge: ({ page }) => (page === 'unasked' ? 'unasked' : refusedIf(page === 'unknown')),
  },
  {
    id: 'request-page-connected',
    version: 1,
    source: sources['S1-04'],
    reason: 'page-disconnected',
    text: 'the page was disconnected',
    next: 'Connect the page again, then publish the command under a new commandId.',
    judge: ({ page }) => (page === 'unasked' ? 'unasked' : refusedIf(page === 'disconnected')),
  },
]

const worldRules: readonly RequestRule[] = [
  {
    id: 'request-token-usable',
    version: 1,
    source: sources['S1-28'],
    reason: 'token-unknown',
    text: 'the token that is to pay for the question cannot: {fault}',
    next: 'Ask within the 24-hour window, by psid.',
    judge: ({ world }) => {
      if (world === null) return 'unasked'
      const { tokenFault } = world
      if (tokenFault === null) return null
      return { kind: 'refuse', reason: tokenFault, facts: { fault: tokenFault } }
    },
  },
  {
    id: 'request-window-open',
    version: 1,
    source: sources['S1-19'],
    reason: 'window-closed',
    text: 'the 24-hour window of the person is closed ({state})',
    next: 'Ask when the person has written again, or pay with a token they gave.',
    judge: ({ request, world }) => {
      if (request.tokenId) return null
      if (world === null) return 'unasked'
      const { windowOpenUntil: until, nowMs } = world
      if (until !== null && nowMs < until) return null
      const state = until === null ? 'never opened' : `closed at ${new Date(until).toISOString()}`
      return { kind: 'refuse', facts: { state } }
    },
  },
  {
    id: 'request-withdrawn',
    version: 1,
    source: sources['S1-20'],
    reason: 'person-withdrew',
    text: 'the person withdrew at {at} and has not acted since',
    next: 'Ask when the person has written again.',
    judge: ({ world }) => {
      if (world === null) return 'unasked'
      const { withdrewAt = null, windowOpenUntil: until } = world
      // The tap on a question that was out already is no new wish to be asked.
      const actedAt = until === null ? null : until - DAY_MS
      if (withdrewAt === null || (actedAt !== null && actedAt > withdrewAt)) return null
      return { kind: 'refuse', facts: { at: new Date(withdrewAt).toISOString() } }
    },
  },
  {
    id: 'request-already-agreed',
    version: 1,
    source: sources['S1-20'],
    reason: 'token-live',
    text: 'the person holds a live token for this topic already',
    next: 'Notify: the person has agreed.',
    judge: ({ world }) => (world === null ? 'unasked' : refusedIf(world.holdsLiveToken)),
  },
  {
    id: 'request-already-asked',
    version: 1,
    source: sources['S1-20'],
    reason: 'request-open',
    text: 'the person was asked about this topic at {since} and has not answered',
    next: 'Wait for the answer; ask again when the question has lapsed.',
    judge: ({ world }) => {
      if (world === null) return 'unasked'
      const { openSince } = world
      if (openSince === null) return null
      return { kind: 'refuse', facts: { since: new Date(openSince).toISOString() } }
    },
  },
  {
    id: 'request-title-repeated',
    version: 1,
    source: sources['S1-20'],
    reason: 'request-title-repeated',
    text: 'the person was asked in the same words at {since}',
    next: 'Ask in other words, or later.',
    judge: ({ world }) => {
      if (world === null) return 'unasked'
      const { sameTitleAt } = world
      if (sameTitleAt === null) return null
      return { kind: 'refuse', facts: { since: new Date(sameTitleAt).toISOString() } }
    },
  },
  {
    id: 'request-person-limit',
    version: 1,
    source: sources['S0-28'],
    reason: 'person-limit',
    text: 'the person was asked {count} times within {hours} hours; at most {max} are allowed',
    next: 'Ask this person later.',
    judge: ({ world, settings }) =>
      world === null
        ? 'unasked'
        : limited(world.askedPerson, { max: settings.personMax, settings }),
  },
  {
    id: 'request-page-limit',
    version: 1,
    source: sources['S0-28'],
    reason: 'page-limit',
    text: 'the page asked {count} times within {hours} hours; at most {max} are allowed',
    next: 'Ask later, or have the limit of the page raised.',
    judge: ({ world, settings }) =>
      world === null ? 'unasked' : limited(world.askedPage, { max: settings.pageMax, settings }),
  },
  {
    ...threadRule,
    id: 'request-thread-owner',
    judge: ({ world }) => (world === null ? 'unasked' : threadFinding(world)),
  },
  {
    id: 'request-chain-consent',
    version: 1,
    source: sources['S1-27'],
    reason: 'chain-consent',
    text: 'a token pays for another question; within the 24-hour window, by psid, asking is free',
    next: 'Ask by psid while the window is open, and keep the token for a message.',
    judge: ({ request, settings }) => (request.tokenId ? { kind: settings.chainConsent } : null),
  },
]

/** Every rule of an opt-in request. Rules of a page's topics have their place after the page's. */
export const requestRules: RuleSet<RequestSituation> = {
  name: 'optin-request',
  rules: [...requestWords, ...pageRules, ...worldRules],
}

interface Limit {
  readonly max: number
  readonly settings: RequestSettings
}

function limited(count: number, { max, settings }: Limit): Finding | null {
  const hours = Math.round(settings.periodMs / HOUR_MS)
  return count < max ? null : { kind: 'refuse', facts: { count, max, hours } }
}
