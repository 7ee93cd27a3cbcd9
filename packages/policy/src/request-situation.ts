import type { ReasonCode, RequestOptIn } from '@otn/contracts'

/** What the command itself says. */
export type RequestWords = Pick<
  RequestOptIn,
  'psid' | 'tokenId' | 'topic' | 'context' | 'title' | 'timeZone'
>

/** How strict the guards are: `flag` lets it go and tells of it. */
export type Strictness = 'refuse' | 'flag'

export interface RequestSettings {
  /** Of what names a person or gives access. */
  readonly personalData: Strictness
  /** Of words of health, money and legal standing. */
  readonly sensitiveWords: Strictness
  /** Of paying with a token for another question. */
  readonly chainConsent: Strictness
  /** Questions to one person in the period, whatever the topic. */
  readonly personMax: number
  /** Questions of one page in the period. */
  readonly pageMax: number
  readonly periodMs: number
  /** How long a question stands in the way of its repeat: unanswered, or in the same words. */
  readonly openMs: number
}

/** What the ledger says, and our own books. Null in the situation = not asked yet. */
export interface RequestWorld {
  /** Business clock. */
  readonly nowMs: number
  /** End of the person's 24-hour window; null = never opened. */
  readonly windowOpenUntil: number | null
  /** When the person last withdrew from the topic or from the page; null or left out = never. */
  readonly withdrewAt?: number | null
  /** Whether the person holds a live token for the very topic. */
  readonly holdsLiveToken: boolean
  /** Why the token that is to pay cannot; null where it can, or none is to. */
  readonly tokenFault: ReasonCode | null
  /** Another app owns the thread: refused, or (`flag`) it waits. Left out or null = none does. */
  readonly threadElsewhere?: Strictness | null
  /** A question about the topic that may still be answered. */
  readonly openSince: number | null
  /** A question in the same words, answered or not, about whatever topic; null = none was put. */
  readonly sameTitleAt: number | null
  /** Questions put in the period. */
  readonly askedPerson: number
  readonly askedPage: number
}

export interface RequestSituation {
  readonly request: RequestWords
  readonly settings: RequestSettings
  /** `unasked`: nobody has looked. */
  readonly page: 'unasked' | 'unknown' | 'disconnected' | 'connected'
  readonly world: RequestWorld | null
}
