import type { Notify, ReasonCode } from '@otn/contracts'
import type { PersonId, TokenId } from '@otn/kernel'
import type { Ruling } from './fact-draft.ts'
import type { Offsets } from './freshness.ts'
import type { ThreadOwner } from './thread.ts'

/** A token as the ledger proposes it; the raw token is inside `sealed`. */
export interface ProposedToken {
  readonly tokenId: TokenId
  readonly topic: string | null
  /** live, reserved, in-doubt, redeemed, expired, rejected or withdrawn. */
  readonly state: string
  readonly expiresAt: number
  readonly refusals: number
  /** When the person agreed, ms since the epoch; null where an older ledger does not say. */
  readonly grantedAt: number | null
  /** Opt-in event that the token is sealed in. */
  readonly eventId: string
  readonly keyId: string
  readonly sealed: Buffer
}

/** The link by which an account of the page's site was resolved; the PSID is inside `sealed`. */
export interface SealedAccount {
  readonly eventId: string
  readonly keyId: string
  readonly sealed: Buffer
}

export interface LedgerAnswer {
  /** How far the ledger had read. */
  readonly asOf: Offsets
  readonly person: PersonId | null
  /** End of the person's 24-hour window, ms since the epoch; null = closed. */
  readonly windowOpenUntil: number | null
  /** Null = nobody owns the thread, or nobody ever said; left out by an older ledger. */
  readonly thread?: ThreadOwner | null
  readonly tokens: readonly ProposedToken[]
  /** When the person last withdrew from the topic or from the page; null = never, or not said. */
  readonly withdrewAt?: number | null
  /** Left out unless the question named an account that somebody linked. */
  readonly account?: SealedAccount | undefined
}

export type TokenChoice =
  | { readonly kind: 'spend'; readonly tokens: readonly [ProposedToken, ...ProposedToken[]] }
  | { readonly kind: 'refuse'; readonly reason: ReasonCode; readonly ruling?: Ruling }

interface Question {
  readonly notify: Pick<Notify, 'tokenId' | 'topic'>
  /** The token that an earlier attempt of unknown outcome went out with. */
  readonly pinned: TokenId | null
  readonly answer: LedgerAnswer
  readonly nowMs: number
}

/** Why a token in a state cannot be spent; the first that applies to any token is told. */
const REASONS = [
  ['reserved', 'token-held'],
  ['in-doubt', 'token-held'],
  ['withdrawn', 'token-withdrawn'],
  ['redeemed', 'token-spent'],
  ['expired', 'token-expired'],
  ['rejected', 'token-rejected'],
] as const satisfies readonly (readonly [string, ReasonCode])[]

/** What a token may be in, to be spent once more by the command that is pinned to it. */
const PINNED_STATES: ReadonlySet<string> = new Set(['live', 'reserved', 'in-doubt'])

/**
 * The tokens that may be spent, in the order to try them: fewest refusals first, then the one that
 * expires first. A refusal holds only if the answer is fresh; a proposal is safe in any case, for
 * the claim decides.
 */
export function chooseTokens(question: Question): TokenChoice {
  const { notify, pinned, answer, nowMs } = question
  const tokens = answer.tokens.map((token) => aged(token, nowMs))
  if (pinned !== null) return pinnedChoice(tokens.find(({ tokenId }) => tokenId === pinned))
  if (notify.tokenId) {
    return namedChoice(
      tokens.find(({ tokenId }) => tokenId === notify.tokenId),
      notify.topic ?? null,
    )
  }
  const agreed = tokens.filter(({ topic }) => topic !== null && topic === notify.topic)
  const [first, ...others] = agreed.filter(({ state }) => state === 'live').toSorted(byPreference)
  if (first) return { kind: 'spend', tokens: [first, ...others] }
  const state = REASONS.find(([name]) => agreed.some((token) => token.state === name))
  return refuse(state?.[1] ?? 'no-live-token')
}

/** Consent is no rule of the policy: a claim rests on it. */
const NO_RULE = { rule: null, rulesVersion: null } as const

function namedChoice(token: ProposedToken | undefined, topic: string | null): TokenChoice {
  if (!token) return refuse('token-unknown')
  if (token.topic === null) return refuse('topic-unmapped')
  if (token.topic !== topic) {
    const detail = `the token was given for ${token.topic}, the command is about ${topic}`
    return { kind: 'refuse', reason: 'topic-mismatch', ruling: { ...NO_RULE, detail } }
  }
  return token.state === 'live' ? spend(token) : refuse(reasonOf(token))
}

/** A token that pays for a question, whatever topic it was given for. */
export function payingChoice(answer: LedgerAnswer, tokenId: TokenId, nowMs: number): TokenChoice {
  const token = answer.tokens.find((proposed) => proposed.tokenId === tokenId)
  if (!token) return refuse('token-unknown')
  const now = aged(token, nowMs)
  return now.state === 'live' ? spend(now) : refuse(reasonOf(now))
}

/** Whether the person holds a live token for the very topic. */
export function holdsLive({ tokens }: LedgerAnswer, topic: string, nowMs: number): boolean {
  return tokens.some((token) => token.topic === topic && aged(token, nowMs).state === 'live')
}

/** The consent for the topic was checked before the first attempt and cannot have changed since. */
function pinnedChoice(token: ProposedToken | undefined): TokenChoice {
  if (!token) return refuse('token-unknown')
  return PINNED_STATES.has(token.state) ? spend(token) : refuse(reasonOf(token))
}

/** Expiry follows from the clock; the ledger's own may be a moment behind. */
function aged(token: ProposedToken, nowMs: number): ProposedToken {
  const isUsable = PINNED_STATES.has(token.state)
  return isUsable && hasExpired(token, nowMs) ? { ...token, state: 'expired' } : token
}

export function hasExpired({ expiresAt }: ProposedToken, nowMs: number): boolean {
  return nowMs >= expiresAt
}

function byPreference(a: ProposedToken, b: ProposedToken): number {
  if (a.refusals !== b.refusals) return a.refusals - b.refusals
  if (a.expiresAt !== b.expiresAt) return a.expiresAt - b.expiresAt
  return a.tokenId < b.tokenId ? -1 : 1
}

function reasonOf({ state }: ProposedToken): ReasonCode {
  return REASONS.find(([name]) => name === state)?.[1] ?? 'no-live-token'
}

function spend(token: ProposedToken): TokenChoice {
  return { kind: 'spend', tokens: [token] }
}

function refuse(reason: ReasonCode): TokenChoice {
  return { kind: 'refuse', reason }
}
