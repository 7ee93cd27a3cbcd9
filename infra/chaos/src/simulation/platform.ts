/** The platform's own truth: which tokens there are, which are spent, what people got. */
import { ANSWERS, ANSWERS_BY_PSID, type Answer, accepted, bare, OUTSIDE, USED } from './answers.ts'
import type { Climate } from './climate.ts'
import type { Faults } from './faults.ts'
import type { Judge } from './judge.ts'
import type { Random } from './random.ts'
import type { GrantedToken, Person, SendRequest } from './send-request.ts'
import { SETTINGS } from './settings.ts'

export const APP_ID = '900'
export const PAGES = ['1000', '1001'] as const
const WINDOW_MS = 86_400_000
/** The one tag that worlds use. */
const TAG_REACH_MS = 7 * WINDOW_MS
/** So many say yes when they are asked. */
const AGREES = 0.3
const FIRST_TAP = 45_001
export const USED_CODE = { code: USED.code, subcode: USED.subcode } as const

export interface PlatformOptions {
  readonly random: Random
  readonly climate: () => Climate
  readonly faults: Faults
  readonly judge: Judge
  readonly businessMs: () => number
  readonly isSingleUse: boolean
  readonly tellsUsed: boolean
  /** Answers to the first calls, in order; then as the weather is. */
  readonly planned: readonly Answer[]
  readonly echo: (sent: SendRequest & { readonly to: Person; readonly mid: string }) => void
  /** A person agrees to what they were asked. */
  readonly tap: (token: GrantedToken) => void
}

export class Platform {
  readonly tokens = new Map<string, GrantedToken>()
  /** Tokens that another app spent. */
  readonly stolen = new Set<string>()
  /** When each person wrote last, by `page/psid`. */
  readonly #wroteAt = new Map<string, number>()
  readonly #spent = new Set<string>()
  readonly #options: PlatformOptions
  readonly #planned: Answer[]
  #messages = 0

  constructor(options: PlatformOptions) {
    this.#options = options
    this.#planned = [...options.planned]
  }

  get tellsUsed(): boolean {
    return this.#options.tellsUsed
  }

  grant(token: GrantedToken): void {
    this.tokens.set(token.raw, token)
  }

  wrote({ page, psid }: Person, at: number): void {
    const key = `${page}/${psid}`
    this.#wroteAt.set(key, Math.max(at, this.#wroteAt.get(key) ?? at))
  }

  /** When the person wrote last; null = never. */
  actedAt({ page, psid }: Person): number | null {
    return this.#wroteAt.get(`${page}/${psid}`) ?? null
  }

  /** Whom a call reaches. */
  personOf({ token, page, psid }: Pick<SendRequest, 'token' | 'page' | 'psid'>): Person | null {
    if (token !== null) return this.tokens.get(token) ?? null
    return psid === null ? null : { page, psid }
  }

  /** The request arrived: something comes of it, and an answer leaves. */
  receive(request: SendRequest): Answer {
    const { random, climate } = this.#options
    const planned = this.#planned.shift()
    const isFair = planned === undefined && random.chance(climate().fair)
    const answer = planned ?? (isFair ? accepted : this.#weather(request))
    if (answer.delivers === 'never') return answer
    const delivers = answer.delivers === 'yes' || random.chance(0.5)
    if (!delivers) return answer
    const refusal = this.#refusalOf(request)
    // What failed half-way says so whether or not the token was good.
    if (refusal !== null) return answer === accepted ? refusal : answer
    if (request.token !== null) this.#spent.add(request.token)
    const mid = this.#deliver(request)
    return answer === accepted
      ? { ...accepted, json: { message_id: mid, recipient_id: '1' } }
      : answer
  }

  /** Only a planted bug sends without a token. */
  sendByPsid(commandId: string, attempt: number): void {
    const nobody = { token: null, psid: null, page: PAGES[0], topic: null, title: null, tag: null }
    this.#options.judge.delivered({ ...nobody, commandId, attempt, metadata: '' })
  }

  #weather({ token }: SendRequest): Answer {
    this.#options.faults.strike('answer')
    return this.#options.random.pick(token === null ? ANSWERS_BY_PSID : ANSWERS)
  }

  /** A call that names the person is taken as often as it arrives. */
  #refusalOf(request: SendRequest): Answer | null {
    const { isSingleUse, tellsUsed, businessMs } = this.#options
    const { token: raw } = request
    if (raw === null) {
      const actedAt = this.actedAt({ page: request.page, psid: request.psid ?? '' })
      const reachMs = request.tag === null ? WINDOW_MS : TAG_REACH_MS
      return actedAt === null || businessMs() >= actedAt + reachMs ? OUTSIDE : null
    }
    const token = this.tokens.get(raw)
    if (!token || businessMs() >= token.grantedAt + SETTINGS.lifeMs) return bare
    const isUsed = (isSingleUse && this.#spent.has(raw)) || this.stolen.has(raw)
    if (!isUsed) return null
    return tellsUsed ? USED.answer : bare
  }

  #deliver(request: SendRequest): string {
    const { judge, echo, climate, random } = this.#options
    this.#messages += 1
    const mid = `m_${this.#messages}`
    judge.delivered(request)
    const to = this.personOf(request)
    if (to && random.chance(climate().echo)) echo({ ...request, to, mid })
    if (to && request.topic !== null && random.chance(AGREES)) this.#agree(to, request.topic)
    return mid
  }

  #agree({ page, psid }: Person, topic: string): void {
    const raw = `${FIRST_TAP + this.tokens.size}`
    const token = { raw, page, psid, topic, grantedAt: this.#options.businessMs() }
    this.grant(token)
    this.#options.tap(token)
  }
}
