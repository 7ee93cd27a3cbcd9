/**
 * The shell around the pure core: it alone owns the world, draws ids, reads the clock and lets
 * facts become true. Judging and folding happen in one turn of the event loop, so of any number
 * of calls with one token exactly one finds it unspent.
 */
import type { Decision } from '@otn/kernel'

import { CallLog } from './call-log.ts'
import type { SimulatedClock } from './clock/simulated-clock.ts'
import { answerGraph } from './domain/answer-graph.ts'
import { type EchoPlan, echoPosts } from './domain/echo-plan.ts'
import { evolve, type GrowingWorld } from './domain/evolve.ts'
import type { Fact } from './domain/facts.ts'
import { type GraphAnswer, traceHeaders } from './domain/graph-answer.ts'
import type { Handshake, MintedToken } from './domain/graph-context.ts'
import type { GraphRequest } from './domain/graph-request.ts'
import type { Ids } from './domain/ids.ts'
import { type HandshakeWanted, refusal, wantsHandshake } from './domain/judgement.ts'
import { type Knob, type SendCall, strike } from './domain/knobs.ts'
import type { PeopleRefusal, Scene } from './domain/people.ts'
import { isFollowed } from './domain/set-up/webhook-fields.ts'
import type { Switches } from './domain/switches.ts'
import { answeringVersion } from './domain/versions.ts'
import { webhookOf } from './domain/webhook-events.ts'
import type { World } from './domain/world.ts'
import type { Journal } from './journal.ts'
import type { Gate } from './limits/gate.ts'
import type { DeliveryQueue } from './webhooks/delivery-queue.ts'
import type { Delivered } from './webhooks/parcel.ts'

export interface App {
  readonly appId: string
  readonly appSecret: string
  /** Signs where the webhook weather says so; a receiver accepts it while it rotates keys. */
  readonly formerAppSecret: string
  readonly verifyToken: string
}

export interface SimulationInput {
  readonly app: App
  readonly world: GrowingWorld
  readonly ids: Ids
  readonly clock: SimulatedClock
  readonly switches: Switches
  readonly queue: DeliveryQueue
  readonly journal: Journal
  /** The proof of an access token under the app secret. */
  readonly prove: (accessToken: string) => string
  /** Asks a callback for a challenge. @returns the fault, or null */
  readonly shake: (wanted: HandshakeWanted) => Promise<string | null>
  readonly gate: Gate
}

export class Simulation {
  readonly app: App
  readonly ids: Ids
  readonly clock: SimulatedClock
  readonly queue: DeliveryQueue
  readonly calls = new CallLog()
  readonly gate: Gate
  readonly shake: SimulationInput['shake']
  readonly #prove: SimulationInput['prove']
  readonly #world: GrowingWorld
  readonly #journal: Journal
  #switches: Switches
  #knobs: readonly Knob[] = []

  constructor(input: SimulationInput) {
    this.app = input.app
    this.ids = input.ids
    this.clock = input.clock
    this.queue = input.queue
    this.gate = input.gate
    this.shake = input.shake
    this.#prove = input.prove
    this.#world = input.world
    this.#journal = input.journal
    this.#switches = input.switches
    this.queue.onDisabled((pageIds) => {
      const atMs = this.clock.nowMs()
      this.tell(pageIds.map((pageId) => ({ type: 'PageUnsubscribed', pageId, atMs })))
    })
  }

  get world(): World {
    return this.#world
  }

  get switches(): Switches {
    return this.#switches
  }

  set switches(switches: Switches) {
    this.#switches = switches
  }

  get knobs(): readonly Knob[] {
    return this.#knobs
  }

  set knobs(knobs: readonly Knob[]) {
    this.#knobs = knobs
  }

  scene(): Scene {
    return { world: this.#world, switches: this.#switches, nowMs: this.clock.nowMs() }
  }

  /** A token that was never issued before, in this life or an earlier one. */
  freshToken(): string {
    const token = this.ids.token()
    return this.#world.tokens.has(token) ? this.freshToken() : token
  }

  /** An access token that nobody has, with its proof. */
  mint(): MintedToken {
    const accessToken = `EAASIM${this.ids.messageId().slice(2).replace(/[_-]/g, 'Z')}`
    return { accessToken, proof: this.#prove(accessToken) }
  }

  /** The handshake that a call asks for before it can be judged; null for all others. */
  handshakeFor(request: GraphRequest): HandshakeWanted | null {
    if (request.path.edge !== 'subscriptions') return null
    const fresh = { messageId: '', traceId: '' }
    const outcome = answerGraph(request, { ...this.scene(), fresh, mint: () => this.mint() })
    return wantsHandshake(outcome) ? outcome : null
  }

  /** Judges one call and lets its facts become true, in one turn. */
  answer(request: GraphRequest, traceId: string, more: AnswerInput = {}): GraphAnswer {
    const { handshake, echo } = more
    const fresh = { messageId: this.ids.messageId(), traceId }
    const made = handshake === undefined ? {} : { handshake }
    const scene = this.scene()
    const context = { ...scene, fresh, mint: () => this.mint(), ...made }
    const { situation, headers } = this.gate.admit(request, scene)
    const outcome =
      situation === null ? answerGraph(request, context) : refusal({ situation }, context)
    const { answer, facts } = wantsHandshake(outcome)
      ? refusal({ situation: 'callback-not-verified', detail: 'nobody was asked' }, context)
      : outcome
    this.tell(facts, undefined, echo)
    const version = this.#switches.versionHeader
      ? { 'facebook-api-version': answeringVersion(request.path.version, context.nowMs) }
      : {}
    return {
      ...answer,
      headers: { ...traceHeaders(traceId), ...version, ...headers, ...answer.headers },
    }
  }

  /** The knob that strikes this call, if any; its counters move on. */
  strike(call: SendCall): Knob | null {
    if (this.#knobs.length === 0) return null
    const { knob, knobs } = strike(this.#knobs, call, this.ids.draw())
    this.#knobs = knobs
    return knob
  }

  /** Lets a decision about people become true. @returns the reason if it was refused */
  settle(
    decision: Decision<Fact, PeopleRefusal>,
    onDelivered?: (delivered: Delivered) => void,
  ): PeopleRefusal | null {
    if (decision.outcome === 'refused') return decision.reason
    this.tell(decision.events, onDelivered)
    return null
  }

  /** Folds facts in, keeps them, and sends the webhooks they lead to. */
  tell(
    facts: readonly Fact[],
    onDelivered?: (delivered: Delivered) => void,
    echo?: EchoPlan,
  ): void {
    for (const fact of facts) {
      evolve(this.#world, fact)
      this.#journal.add(fact)
      if (fact.type === 'AppSubscribed') this.queue.setCallback(fact.callbackUrl)
      const plan = fact.type === 'MessageDelivered' ? echo : undefined
      const { switches, delaysMs } = echoPosts(plan, this.#switches)
      const event = webhookOf(fact, { appId: this.app.appId, switches })
      if (event === null) continue
      if (!isFollowed(this.#world, event)) {
        this.queue.lose(event, 'page-unsubscribed')
        continue
      }
      for (const delayMs of delaysMs) {
        const post = (): void => void this.queue.add(event, onDelivered)
        // Real time, and not in the way of the process's end.
        if (delayMs > 0) setTimeout(post, delayMs).unref()
        else post()
      }
    }
  }
}

export interface AnswerInput {
  readonly handshake?: Handshake
  readonly echo?: EchoPlan
}
