/**
 * What must hold whatever happens, checked at every step against the platform's own truth. It reads
 * the log by rules of its own and shares no decision with the services.
 */
import type { EngagementEvent, OptInReceived, TokenEvent } from '@otn/contracts'
import { isAppError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import { Killed } from './actor.ts'
import type { Answer } from './answers.ts'
import {
  type CallToJudge,
  consentOfCall,
  contests,
  faultsOfCall,
  isConsentFor,
  yearEndOf,
} from './judge-calls.ts'
import {
  type CallSeen,
  type Commanded,
  DENIALS,
  type FactSeen,
  FINAL,
  type Given,
  isRequest,
  isTokenWithheld,
  type JudgeParts,
  NOT_SENT,
  type Violation,
} from './judge-parts.ts'
import { Questions } from './judge-questions.ts'
import { Refusals } from './judge-refusals.ts'
import { Windows } from './judge-windows.ts'
import type { Rule } from './rules.ts'
import { rawOf, type SendRequest } from './send-request.ts'
import { type Consent, WithdrawalsSeen } from './withdrawals-seen.ts'

export class Judge {
  readonly violations: Violation[] = []
  readonly calls: CallSeen[] = []
  readonly deliveries: SendRequest[] = []
  /** 200s that somebody heard, with who. */
  readonly proofs: { readonly actor: Actor; readonly commandId: string }[] = []
  readonly facts: FactSeen[] = []
  /** Messages and questions, which share one set of ids. */
  readonly commands = new Map<string, Commanded>()
  /** Commands whose append was acknowledged, and raw tokens whose webhook was answered 200. */
  readonly accepted = new Set<string>()
  readonly acknowledgedTokens = new Set<string>()
  /** Commands with a final fact. */
  readonly #ended = new Set<string>()
  readonly withdrawals = new WithdrawalsSeen()
  /** By token, granted as early as any opt-in of it says. */
  readonly #consents = new Map<string, OptInReceived>()
  /** Tokens of which the log lost facts. */
  readonly #forgotten = new Set<string>()
  /** How many withdrawals stood on the log when a process began to read its streams. */
  readonly #withdrawalsAtStart = new WeakMap<Actor, number>()
  /** Attempts that began although the store knew of the withdrawal. */
  readonly #belated = new Set<string>()
  readonly #parts: JudgeParts
  readonly #refusals: Refusals
  readonly #questions: Questions
  readonly #windows: Windows

  constructor(parts: JudgeParts) {
    this.#parts = parts
    this.#refusals = new Refusals({ claims: parts.claims, facts: this.facts })
    this.#questions = new Questions({ ...parts, facts: this.facts })
    this.#windows = new Windows({ ...parts, facts: this.facts })
  }

  /** The process reads our own streams to their end, from here on. */
  starting(actor: Actor): void {
    this.#withdrawalsAtStart.set(actor, this.withdrawals.count)
  }

  /** A fact about tokens is on the log. */
  toldOfTokens(event: TokenEvent): void {
    this.withdrawals.see(event)
    for (const consent of this.#consents.values()) this.#noteWithdrawn(consent)
  }

  /** An opt-in is on the log. */
  consented(event: OptInReceived): void {
    const known = this.#consents.get(event.tokenId)
    const grantedAt = Math.min(event.grantedAt, known?.grantedAt ?? Infinity)
    const consent = { ...event, grantedAt }
    this.#consents.set(event.tokenId, consent)
    this.#refusals.consented(event.tokenId)
    this.#noteWithdrawn(consent)
  }

  #noteWithdrawn(consent: OptInReceived): void {
    if (this.withdrawals.covers(consent)) this.#refusals.withdrawn(consent.tokenId)
  }

  engaged(event: EngagementEvent): void {
    this.#windows.engaged(event)
  }

  /** A product asks for something: of an id the first message counts, and the first question. */
  expect(given: Given): void {
    const known = this.commands.get(given.commandId)
    const [notify, request] = isRequest(given) ? [null, given] : [given, null]
    this.commands.set(given.commandId, {
      pageId: given.pageId,
      notify: known?.notify ?? notify,
      request: known?.request ?? request,
    })
  }

  /** A command is on the log. */
  received(given: Given): void {
    this.#refusals.received(given.commandId)
    this.#windows.received(given)
  }

  /** A claim of the command has the token, told or not. */
  held(tokenId: string, commandId: string): void {
    this.#refusals.held(tokenId, commandId)
  }

  /** The log lost what its facts said: who used a token, nobody can know any more. */
  forget(): void {
    for (const { tokenId } of this.facts) if (tokenId) this.#forgotten.add(tokenId)
  }

  accept(commandId: string): void {
    this.accepted.add(commandId)
  }

  /** Commands that are on the log and have no final fact. */
  *inFlight(): Generator<string> {
    for (const id of this.accepted) if (!this.#ended.has(id)) yield id
  }

  /** Commands whose last word is that nobody knows, or that have none. */
  inDoubt(): number {
    return [...this.commands.keys()].filter((id) => !this.#ended.has(id)).length
  }

  acknowledged(tokens: readonly string[]): void {
    for (const token of tokens) this.acknowledgedTokens.add(token)
  }

  bug(actor: Actor, error: unknown): void {
    if (error instanceof Killed) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.violate('no process fails by a bug', `${actor.name}: ${text}`)
  }

  failed(actor: Actor, error: unknown): void {
    if (!isAppError(error)) this.bug(actor, error)
  }

  contradicted(id: string): void {
    const [, commandId = ''] = id.split(':')
    this.violate('no verdict is contradicted by evidence', commandId)
  }

  /** Right before the first byte of a call may leave. */
  called(actor: Actor, request: SendRequest): void {
    const { token, commandId, attempt } = request
    const delivered = this.calls.filter(({ isDelivered }) => isDelivered)
    for (const { rule, detail } of contests(request, delivered)) this.violate(rule, detail)
    const isIntended = this.facts.some(
      (fact) =>
        fact.type === 'NotificationAttempted' &&
        fact.commandId === commandId &&
        fact.attempt === attempt,
    )
    if (!isIntended) this.violate('no call without its intent', `${commandId} ${attempt}`)
    if (this.#windows.isWaste(request)) {
      this.violate('AUTO spends no token while the window stands open', `${commandId} ${token}`)
    }
    this.calls.push({ ...request, actor, isDelivered: false })
    this.#checkConsent(actor, request)
  }

  delivered(request: SendRequest): void {
    const { token, commandId, attempt } = request
    const call = this.calls.find((c) => c.commandId === commandId && c.attempt === attempt)
    if (call) call.isDelivered = true
    if (token !== null && this.deliveries.some((earlier) => earlier.token === token)) {
      this.violate('a token delivers once', token)
    }
    if (this.deliveries.some((earlier) => earlier.commandId === commandId)) {
      this.violate('a command delivers once', commandId)
    }
    for (const { rule, detail } of this.#questions.delivered(request)) this.violate(rule, detail)
    this.deliveries.push(request)
    const failed = this.facts.find((fact) => fact.commandId === commandId && DENIALS.has(fact.type))
    if (failed) this.violate('failed means that nothing went out', commandId)
  }

  heard(actor: Actor, { commandId }: SendRequest, { status }: Answer): void {
    if (status === 200) this.proofs.push({ actor, commandId })
  }

  /** A fact of ours is on the log. */
  told(fact: FactSeen): void {
    const { commandId, attempt, type } = fact
    this.facts.push(fact)
    if (FINAL.has(type)) this.#ended.add(commandId)
    if (type === 'NotificationAttempted') {
      const consent = this.#consentOf(commandId, {
        token: fact.tokenId ? rawOf(fact.tokenId) : null,
        asks: fact.asks,
      })
      const { withdrawn } = this.#parts.claims()
      if (consent && this.withdrawals.isKnown(consent, withdrawn)) {
        this.#belated.add(`${commandId} ${attempt}`)
      }
    }
    if (fact.tokenId && attempt > 0) this.#refusals.held(fact.tokenId, commandId)
    this.#checkRefusal(fact)
    if (isTokenWithheld(fact)) {
      this.violate('a definite failure gives its token back', `${commandId}: ${fact.reason}`)
    }
    const deliveries = this.deliveries.filter((delivery) => delivery.commandId === commandId)
    if (DENIALS.has(type) && deliveries.length > 0) {
      this.violate('failed means that nothing went out', commandId)
    }
    if (type === 'NotificationSent' && deliveries.length === 0 && !this.#mayGuess(fact)) {
      this.violate('sent means that a message went out', commandId)
    }
    this.#checkFinal(fact)
  }

  /**
   * An answer that the token is used proves our own sending only where nobody else could have used
   * it; of two apps with one token, or where the log lost that another command used it, nobody can
   * tell, so such a guess needs an earlier attempt of its own that may have sent.
   */
  #mayGuess({ commandId, attempt, tokenId, certainty }: FactSeen): boolean {
    if (certainty !== 'INFERRED') return false
    const raw = rawOf(tokenId ?? '')
    const own = this.facts.filter((fact) => fact.commandId === commandId)
    const meant = own.filter((fact) => fact.type === 'NotificationAttempted')
    const others = meant.filter((fact) => fact.tokenId === tokenId && fact.attempt !== attempt)
    const isKnownNotSent = (number: number) =>
      own.some((fact) => fact.attempt === number && NOT_SENT.has(fact.type))
    const hasOwnDoubt = others.some((fact) => !isKnownNotSent(fact.attempt))
    const mayBeOthers = this.#parts.platform().stolen.has(raw) || this.#forgotten.has(tokenId ?? '')
    return mayBeOthers && hasOwnDoubt
  }

  #checkFinal(fact: FactSeen): void {
    const finals = this.facts.filter(
      ({ type, commandId }) => FINAL.has(type) && commandId === fact.commandId,
    )
    const kinds = new Set(finals.map(({ type, attempt }) => `${type} ${attempt}`))
    if (kinds.size > 1) {
      this.violate('one final fact a command', `${fact.commandId}: ${[...kinds].join(', ')}`)
    }
  }

  #checkRefusal(fact: FactSeen): void {
    const { platform, clock } = this.#parts
    const { notify = null, request = null } = this.commands.get(fact.commandId) ?? {}
    const given = fact.asks ? request : notify
    if (this.#windows.isFalseRefusal(fact)) {
      this.violate('no refusal where the window stood open', fact.commandId)
    }
    for (const tokenId of this.#refusals.falseFor(fact)) {
      const granted = platform().tokens.get(rawOf(tokenId))
      const isGood = granted && isConsentFor(given, granted)
      if (!isGood || clock.highest() >= yearEndOf(granted)) continue
      const detail = `${fact.commandId}: ${fact.reason}, though ${granted.raw} was free`
      this.violate('no refusal where a live token stood', detail)
    }
  }

  #checkConsent(actor: Actor, request: SendRequest): void {
    const { token, topic, commandId, attempt } = request
    const commanded = this.commands.get(commandId)
    for (const { rule, detail } of faultsOfCall(request, commanded, this.#parts)) {
      this.violate(rule, detail)
    }
    const consent = this.#consentOf(commandId, { token, asks: topic !== null })
    if (consent === null) return
    const known = this.#withdrawalsAtStart.get(actor) ?? 0
    const isKnown = this.withdrawals.covers(consent, known)
    if (isKnown || this.#belated.has(`${commandId} ${attempt}`)) {
      this.violate('no call after withdrawal', `${commandId} ${token}`)
    }
  }

  #consentOf(commandId: string, call: CallToJudge): Consent | null {
    return consentOfCall(call, this.commands.get(commandId), this.#parts.platform())
  }

  violate(rule: Rule, detail: string): void {
    const { judges } = this.#parts
    if (judges !== null && !judges.has(rule)) return
    this.violations.push({ rule, detail })
  }
}
