/** The platform's own truth: which tokens there are, which are spent, what people got. */
import { ANSWERS, type Answer, accepted, bare, USED } from './answers.ts'
import type { Climate } from './climate.ts'
import type { Faults } from './faults.ts'
import type { Judge } from './judge.ts'
import type { Random } from './random.ts'
import type { GrantedToken, SendRequest } from './send-request.ts'
import { SETTINGS } from './settings.ts'

export const APP_ID = '900'
export const PAGES = ['1000', '1001'] as const
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
  readonly echo: (sent: SendRequest & { readonly to: GrantedToken; readonly mid: string }) => void
}

export class Platform {
  readonly tokens = new Map<string, GrantedToken>()
  /** Tokens that another app spent. */
  readonly stolen = new Set<string>()
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

  /** The request arrived: something comes of it, and an answer leaves. */
  receive(request: SendRequest): Answer {
    const { random, climate } = this.#options
    const planned = this.#planned.shift()
    const answer = planned ?? (random.chance(climate().fair) ? accepted : this.#weather())
    if (answer.delivers === 'never') return answer
    const delivers = answer.delivers === 'yes' || random.chance(0.5)
    if (!delivers) return answer
    const refusal = this.#refusalOf(request.token)
    // What failed half-way says so whether or not the token was good.
    if (refusal !== null) return answer === accepted ? refusal : answer
    this.#spent.add(request.token)
    const mid = this.#deliver(request)
    return answer === accepted
      ? { ...accepted, json: { message_id: mid, recipient_id: '1' } }
      : answer
  }

  /** Only a planted bug sends without a token. */
  sendByPsid(commandId: string, attempt: number): void {
    this.#options.judge.delivered({ token: `psid ${commandId}`, commandId, attempt })
  }

  #weather(): Answer {
    this.#options.faults.strike('answer')
    return this.#options.random.pick(ANSWERS)
  }

  #refusalOf(raw: string): Answer | null {
    const { isSingleUse, tellsUsed, businessMs } = this.#options
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
    const to = this.tokens.get(request.token)
    if (to && random.chance(climate().echo)) echo({ ...request, to, mid })
    return mid
  }
}
