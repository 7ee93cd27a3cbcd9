/** What the log says of people, tokens and pages, up to an instant; spends are the shadow's own. */
import type { EngagementEvent, OptInReceived, PageEvent, TokenEvent } from '@otn/contracts'
import { DAY_MS } from '@otn/kernel'
import { nameTopic } from '@otn/policy'
import type { ShadowRules } from './shadow-rules.ts'

const LIFE_MS = 365 * DAY_MS

interface Consent {
  readonly tokenId: string
  readonly pageId: string
  readonly person: string
  readonly topic: string | null
  readonly grantedAt: number
}

interface Scope {
  readonly pageId: string
  readonly person: string | null
  readonly topic: string | null
  readonly until: number
}

/** A question that reached somebody, or may have. */
interface Asked {
  readonly key: string
  readonly pageId: string
  readonly person: string
  readonly topic: string | null
  readonly title: string | null
  readonly at: number
}

export interface TokenOfPerson {
  readonly tokenId: string
  readonly topic: string | null
  readonly grantedAt: number
  readonly expiresAt: number
  /** Null = it can be spent. */
  readonly fault: string | null
}

/** @returns the payload that the person agreed to; null where it cannot be read */
export type PayloadOf = (optIn: OptInReceived) => string | null

export class ShadowWorld {
  readonly #rules: ShadowRules
  readonly #payloadOf: PayloadOf
  readonly #consents = new Map<string, Consent>()
  readonly #actedAt = new Map<string, number>()
  readonly #standings = new Map<string, { isBlocked: boolean; isWarned: boolean }>()
  readonly #withdrawn = new Set<string>()
  readonly #scopes: Scope[] = []
  /** Token → command that has it. */
  readonly #taken = new Map<string, string>()
  /** Tokens that the platform refuses. */
  readonly #closed = new Set<string>()
  readonly #asked: Asked[] = []

  constructor(rules: ShadowRules, payloadOf: PayloadOf) {
    this.#rules = rules
    this.#payloadOf = payloadOf
  }

  agreed(event: OptInReceived): void {
    const { tokenId, pageId, person, grantedAt } = event
    if (this.#consents.has(tokenId)) return
    const rules = this.#rules.topicRules.get(pageId)
    const payload = rules === undefined ? null : this.#payloadOf(event)
    const named = rules && payload !== null ? nameTopic(payload, rules).topic : event.topic
    this.#consents.set(tokenId, { tokenId, pageId, person, topic: named ?? null, grantedAt })
  }

  engaged(event: EngagementEvent): void {
    if (event.type !== 'PersonEngaged') return
    const key = personKey(event)
    const at = Math.min(event.occurredAt, event.at)
    this.#actedAt.set(key, Math.max(at, this.#actedAt.get(key) ?? at))
  }

  paged(event: PageEvent): void {
    if (event.type !== 'PagePolicyEnforced') return
    const { pageId, action } = event
    const known = this.#standings.get(pageId) ?? { isBlocked: false, isWarned: false }
    if (action === 'block') this.#standings.set(pageId, { ...known, isBlocked: true })
    if (action === 'warning') this.#standings.set(pageId, { ...known, isWarned: true })
    if (action === 'unblock') this.#standings.delete(pageId)
  }

  corrected(event: TokenEvent): void {
    const { tokenId = null, pageId, person = null, topic = null } = event
    if (event.type === 'TokenTopicAssigned') {
      const known = this.#consents.get(event.tokenId)
      if (known) this.#consents.set(event.tokenId, { ...known, topic })
    }
    if (event.type === 'TokenWithdrawn') this.#withdrawn.add(event.tokenId)
    if (event.type !== 'ConsentWithdrawn') return
    if (tokenId !== null) this.#withdrawn.add(tokenId)
    else this.#scopes.push({ pageId, person, topic, until: event.withdrawnAt })
  }

  take(tokenId: string, command: string): void {
    this.#taken.set(tokenId, command)
  }

  /** A call ended without the token being used. */
  release(tokenId: string, command: string): void {
    if (this.#taken.get(tokenId) === command) this.#taken.delete(tokenId)
  }

  close(tokenId: string): void {
    this.#closed.add(tokenId)
  }

  ask(asked: Asked): void {
    this.#asked.push(asked)
  }

  personOf(tokenId: string): string | null {
    return this.#consents.get(tokenId)?.person ?? null
  }

  standingOf(pageId: string): 'good' | 'warned' | 'blocked' {
    const { isBlocked, isWarned } = this.#standings.get(pageId) ?? {}
    if (isBlocked) return 'blocked'
    return isWarned ? 'warned' : 'good'
  }

  windowOpenUntil(at: PersonAt): number | null {
    const actedAt = this.#actedAt.get(personKey(at))
    return actedAt === undefined ? null : actedAt + DAY_MS
  }

  /** Whether what a person did last was withdrawn since. */
  isWithdrawnSince({ pageId, person, topic }: PersonAt & { topic: string | null }): boolean {
    const grantedAt = this.#actedAt.get(personKey({ pageId, person: person ?? null })) ?? 0
    return this.#covers({ pageId, person: person ?? '', topic, grantedAt })
  }

  /** When a person last withdrew from a topic or from the page; null = never. */
  withdrewAt({ pageId, person }: PersonAt, topic: string | null): number | null {
    const own = this.#scopes.filter(
      (scope) =>
        scope.pageId === pageId &&
        scope.person === (person ?? '') &&
        (scope.topic === null || scope.topic === topic),
    )
    return own.length === 0 ? null : Math.max(...own.map(({ until }) => until))
  }

  tokensOf({ pageId, person }: PersonAt, nowMs: number): readonly TokenOfPerson[] {
    const own = [...this.#consents.values()].filter(
      (consent) => consent.pageId === pageId && consent.person === person,
    )
    return own.map((consent) => this.#tokenOf(consent, nowMs)).toSorted(byPreference)
  }

  tokenOf(tokenId: string, pageId: string, nowMs: number): TokenOfPerson | null {
    const consent = this.#consents.get(tokenId)
    return consent?.pageId === pageId ? this.#tokenOf(consent, nowMs) : null
  }

  /** Questions of others: about a topic to a person, to the person, of the page. */
  askedSince({ pageId, person }: PersonAt, sinceMs: number): readonly Asked[] {
    const recent = this.#asked.filter((asked) => asked.pageId === pageId && asked.at > sinceMs)
    return person === null ? recent : recent.filter((asked) => asked.person === person)
  }

  #tokenOf(consent: Consent, nowMs: number): TokenOfPerson {
    const { tokenId, topic, grantedAt } = consent
    const expiresAt = grantedAt + LIFE_MS - this.#rules.expiryMarginMs
    const fault = this.#faultOf(consent, nowMs >= expiresAt)
    return { tokenId, topic, grantedAt, expiresAt, fault }
  }

  /** In the order in which the services tell it. */
  #faultOf(consent: Consent, isExpired: boolean): string | null {
    const { tokenId } = consent
    if (this.#withdrawn.has(tokenId) || this.#covers(consent)) return 'token-withdrawn'
    if (this.#taken.has(tokenId)) return 'token-spent'
    if (isExpired) return 'token-expired'
    return this.#closed.has(tokenId) ? 'token-rejected' : null
  }

  #covers({ pageId, person, topic, grantedAt }: Omit<Consent, 'tokenId'>): boolean {
    return this.#scopes.some(
      (scope) =>
        scope.pageId === pageId &&
        (scope.person === null || scope.person === person) &&
        (scope.topic === null || scope.topic === topic) &&
        scope.until >= grantedAt,
    )
  }
}

export interface PersonAt {
  readonly pageId: string
  readonly person?: string | null
}

function personKey({ pageId, person }: PersonAt): string {
  return `${pageId}/${person ?? ''}`
}

function byPreference(a: TokenOfPerson, b: TokenOfPerson): number {
  return a.expiresAt - b.expiresAt || (a.tokenId < b.tokenId ? -1 : 1)
}
