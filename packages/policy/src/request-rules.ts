/**
 * Whether a person may be asked, in the order in which it is asked: what the command says of
 * itself, what the page is, what the person's standing and our own books allow.
 */
import { DAY_MS, HOUR_MS, isContext, isTopic } from '@otn/kernel'
import { VISIBLE } from './message-shape.ts'
import { findPersonalData, findSensitiveWords } from './personal-data.ts'
import { recipientFault } from './recipient.ts'
import type { RequestSettings, RequestSituation, RequestWords } from './request-situation.ts'
import type { Finding, Rule, RuleSet } from './rule.ts'
import { sources } from './sources.ts'
import { threadFinding, threadRule } from './thread-rule.ts'

/** Counted in UTF-16 code units, the strictest reading of "65 characters" (design 10). */
export const TITLE_UNITS_MAX = 65
const CONTROL = /\p{Cc}/u
const FIX = 'Correct the command and publish it under a new commandId.'

type RequestRule = Rule<RequestSituation>

const REFUSED: Finding = { kind: 'refuse' }

const refusedIf = (isBroken: boolean): Finding | null => (isBroken ? REFUSED : null)

const ownWords: readonly RequestRule[] = [
  {
    id: 'request-recipient-missing',
    version: 1,
    source: sources['S0-13'],
    reason: 'recipient-missing',
    text: 'none of psid, tokenId is given',
    next: FIX,
    judge: ({ request }) => refusedIf(!request.psid && !request.tokenId),
  },
  {
    id: 'request-recipient-ambiguous',
    version: 1,
    source: sources['S0-13'],
    reason: 'recipient-ambiguous',
    text: 'psid and tokenId are given; give one of them',
    next: FIX,
    judge: ({ request }) => refusedIf(Boolean(request.psid && request.tokenId)),
  },
  {
    id: 'request-recipient-invalid',
    version: 1,
    source: sources['S0-13'],
    reason: 'recipient-invalid',
    text: '{field} is not {wanted}',
    next: FIX,
    judge: ({ request: { psid, tokenId } }) => {
      const facts = recipientFault({ psid: psid || null, tokenId: tokenId || null })
      return facts && { kind: 'refuse', facts: { ...facts } }
    },
  },
  {
    id: 'request-topic-missing',
    version: 1,
    source: sources['S1-17'],
    reason: 'topic-missing',
    text: 'topic is missing: consent is given about something',
    next: FIX,
    judge: ({ request }) => refusedIf(!request.topic),
  },
  {
    id: 'request-topic-syntax',
    version: 1,
    source: sources['S0-11'],
    reason: 'topic-invalid',
    text: 'topic is not 1 to 64 characters of [a-z0-9._-]',
    next: FIX,
    judge: ({ request: { topic } }) => refusedIf(Boolean(topic) && !isTopic(topic ?? '')),
  },
  {
    id: 'request-context-syntax',
    version: 1,
    source: sources['S0-11'],
    reason: 'context-invalid',
    text: 'context has {count} characters; it takes at most 128 of [A-Za-z0-9._~-]',
    next: FIX,
    judge: ({ request }) => {
      const context = request.context ?? ''
      return isContext(context) ? null : { kind: 'refuse', facts: { count: context.length } }
    },
  },
  {
    id: 'request-title-empty',
    version: 1,
    source: sources['S0-10'],
    reason: 'title-empty',
    text: 'title holds no visible character',
    next: FIX,
    judge: ({ request }) => refusedIf(!VISIBLE.test(request.title ?? '')),
  },
  {
    id: 'request-title-length',
    version: 1,
    source: sources['S0-12'],
    reason: 'title-too-long',
    text: 'title has {count} UTF-16 code units; at most {max} are taken',
    next: 'Shorten the title and publish the command under a new commandId.',
    judge: ({ request }) => {
      const count = request.title?.length ?? 0
      if (count <= TITLE_UNITS_MAX) return null
      return { kind: 'refuse', facts: { count, max: TITLE_UNITS_MAX } }
    },
  },
  {
    id: 'request-title-characters',
    version: 1,
    source: sources['S0-10'],
    reason: 'title-invalid',
    text: 'title holds a control character or half of a surrogate pair',
    next: FIX,
    judge: ({ request: { title } }) =>
      refusedIf(CONTROL.test(title ?? '') || !(title ?? '').isWellFormed()),
  },
  {
    id: 'request-personal-data',
    version: 1,
    source: sources['S0-27'],
    reason: 'personal-data',
    text: 'looks like personal data or a secret: {found}',
    next: 'Put an opaque id of your own in its place, under a new commandId.',
    judge: ({ request, settings }) =>
      guarded(request, { kind: settings.personalData, find: findPersonalData }),
  },
  {
    id: 'request-sensitive-words',
    version: 1,
    source: sources['S0-27'],
    reason: 'sensitive-words',
    text: 'speaks of health, money or legal standing: {found}',
    next: 'Word it without, under a new commandId.',
    judge: ({ request, settings }) =>
      guarded(request, { kind: settings.sensitiveWords, find: findSensitiveWords }),
  },
]

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
  rules: [...ownWords, ...pageRules, ...worldRules],
}

interface Guard {
  readonly kind: Finding['kind']
  readonly find: (text: string) => readonly string[]
}

/** What the platform is told of the person's choice, and what the person reads. */
function guarded({ topic, context, title }: RequestWords, { kind, find }: Guard): Finding | null {
  const fields = Object.entries({ topic, context, title })
  const found = fields.flatMap(([field, text]) =>
    find(text ?? '').map((what) => `${what} in ${field}`),
  )
  return found.length === 0 ? null : { kind, facts: { found: found.join(', ') } }
}

interface Limit {
  readonly max: number
  readonly settings: RequestSettings
}

function limited(count: number, { max, settings }: Limit): Finding | null {
  const hours = Math.round(settings.periodMs / HOUR_MS)
  return count < max ? null : { kind: 'refuse', facts: { count, max, hours } }
}
