/**
 * A token as the log tells of it. Each Kafka topic writes a part of its own and the state is
 * computed from all parts, so that the order between Kafka topics does not matter: an outcome may
 * be folded before the opt-in it belongs to. See README, "What the fold promises".
 */
import type { OptInReceived, TokenEvent } from '@otn/contracts'
import type { PageId, PersonId } from '@otn/kernel'
import { type Consent, firstConsent } from './consent.ts'
import { type Correction, correct } from './correction.ts'
import type { PageDocument } from './page.ts'
import type { PersonDocument } from './person.ts'
import { refusalsIn, type Spending, spend } from './spending.ts'
import type { CallEvent, Standing } from './standing.ts'
import { withdrawnAt } from './withdrawal.ts'

export interface TokenDocument {
  /** Written by opt-in events. */
  readonly consent: Consent | null
  /** Written by notification events. */
  readonly notification: Spending | null
  /** Written by opt-in-request events: asking again may spend a token as well. */
  readonly request: Spending | null
  /** Written by token events. */
  readonly correction: Correction | null
  /** Written by token events that withdraw this very token; left out where none did. */
  readonly withdrawal?: { readonly at: number }
  /** What was withdrawn by the person or for the topic and covers this consent, else left out. */
  readonly coveredBy?: { readonly at: number }
}

/** What the facts say; `expired` follows from the clock, at the time of a question. */
export type FoldedState = 'live' | 'reserved' | 'in-doubt' | 'redeemed' | 'rejected' | 'withdrawn'

/** What questions are asked about. */
export interface TokenView {
  readonly pageId: PageId
  readonly person: PersonId
  /** Null where neither a rule nor a correction names it. */
  readonly topic: string | null
  readonly state: FoldedState
  readonly grantedAt: number
  /** Different commands that met the bare refusal with it. */
  readonly refusals: number
  /** The last notice of expiry told; left out where none was. */
  readonly noticed?: number
  /** Withdrawn, and `TokenWithdrawn` is still to be told; else left out. */
  readonly isWithdrawalOwed?: true
}

export const unknownToken: TokenDocument = {
  consent: null,
  notification: null,
  request: null,
  correction: null,
}

export function foldConsent(token: TokenDocument, event: OptInReceived): TokenDocument {
  return withPart(token, { consent: firstConsent(token.consent, event) })
}

export function foldCall(
  token: TokenDocument,
  { part, event }: { readonly part: 'notification' | 'request'; readonly event: CallEvent },
): TokenDocument {
  return withPart(token, { [part]: spend(token[part], event) })
}

export function foldTokenEvent(token: TokenDocument, event: TokenEvent): TokenDocument {
  const folded = withPart(token, { correction: correct(token.correction, event) })
  if (event.type !== 'ConsentWithdrawn') return folded
  const at = Math.max(event.withdrawnAt, token.withdrawal?.at ?? -Infinity)
  return at === token.withdrawal?.at ? folded : { ...folded, withdrawal: { at } }
}

/**
 * Copies into a token what was withdrawn of its consent elsewhere. It follows from the three
 * documents alone, so it may be done at any time, and must be after each change of one of them.
 */
export function coverToken(
  token: TokenDocument,
  { person, page }: { readonly person: PersonDocument; readonly page: PageDocument },
): TokenDocument {
  const view = tokenView(token)
  if (view === null) return token
  const at = withdrawnAt([...(person.withdrawals ?? []), ...(page.withdrawals ?? [])], view)
  if (at === (token.coveredBy?.at ?? null)) return token
  const { coveredBy: _before, ...rest } = token
  return at === null ? rest : { ...rest, coveredBy: { at } }
}

/** Null until the opt-in itself is known: what nobody consented to is not shown. */
export function tokenView(token: TokenDocument): TokenView | null {
  const { consent, correction } = token
  if (consent === null) return null
  const state = stateOf(token)
  const isOwed = state === 'withdrawn' && !correction?.isWithdrawn
  return {
    pageId: consent.pageId,
    person: consent.person,
    topic: correction?.topic?.value ?? consent.topic,
    state,
    grantedAt: consent.grantedAt,
    refusals: refusalsOf(token),
    ...(correction?.noticed === undefined ? {} : { noticed: correction.noticed }),
    ...(isOwed ? { isWithdrawalOwed: true } : {}),
  }
}

/**
 * What happened at Meta comes first, then what may be happening, then the person's own word, then
 * the platform's: a message that went out stays told even where the person withdrew afterwards.
 */
function stateOf(token: TokenDocument): FoldedState {
  const { notification, request, correction, withdrawal, coveredBy } = token
  const has = (...standings: readonly Standing[]) =>
    [notification, request].some((part) =>
      part?.commands.some(({ standing }) => standings.includes(standing)),
    )
  if (has('sent')) return 'redeemed'
  if (has('in-doubt')) return 'in-doubt'
  if (has('attempted', 'held')) return 'reserved'
  if (correction?.isWithdrawn || withdrawal || coveredBy) return 'withdrawn'
  return has('rejected') || refusalsOf(token) >= REFUSALS_MAX ? 'rejected' : 'live'
}

/** One bare refusal may be of the message; of two by different commands the token is the reason. */
const REFUSALS_MAX = 2

function refusalsOf({ notification, request }: TokenDocument): number {
  return refusalsIn(notification) + refusalsIn(request)
}

function withPart(token: TokenDocument, part: Partial<TokenDocument>): TokenDocument {
  const next = { ...token, ...part }
  const isSame =
    next.consent === token.consent &&
    next.notification === token.notification &&
    next.request === token.request &&
    next.correction === token.correction
  return isSame ? token : next
}
