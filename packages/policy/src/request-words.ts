/** What an opt-in request says of itself: no state, clock or later event could make it valid. */
import { isContext, isTimeZone, isTopic } from '@otn/kernel'
import { VISIBLE } from './message-shape.ts'
import { findPersonalData, findSensitiveWords } from './personal-data.ts'
import { recipientFault } from './recipient.ts'
import type { RequestSituation, RequestWords } from './request-situation.ts'
import { type Finding, type Rule, refusedIf } from './rule.ts'
import { sources } from './sources.ts'

/** Counted in UTF-16 code units, the strictest reading of "65 characters" (design 10). */
export const TITLE_UNITS_MAX = 65
const CONTROL = /\p{Cc}/u
const FIX = 'Correct the command and publish it under a new commandId.'

export type RequestRule = Rule<RequestSituation>

export const requestWords: readonly RequestRule[] = [
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
    id: 'request-time-zone',
    version: 1,
    source: sources['S1-20'],
    reason: 'time-zone-unknown',
    text: 'timeZone is no zone of the IANA database, as Asia/Tokyo is',
    next: FIX,
    judge: ({ request: { timeZone } }) => refusedIf(!isTimeZone(timeZone ?? 'UTC')),
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
