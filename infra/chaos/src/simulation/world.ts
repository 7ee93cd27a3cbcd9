/** One world: all processes, the engines, the platform and the people, driven by one seed. */

import { LEDGER_TOPICS } from '@otn/token-ledger/decisions'
import { Actor, type ActorKind, Killed } from './actor.ts'
import type { Answer } from './answers.ts'
import { BusinessClock } from './business-clock.ts'
import { createBytes } from './bytes.ts'
import { CALM, type Climate, climateOf } from './climate.ts'
import { Coverage } from './coverage.ts'
import { startDispatcher } from './dispatcher.ts'
import { Environment } from './environment.ts'
import { Faults } from './faults.ts'
import type { Flaw } from './flaw.ts'
import { createClaims, createReadModel } from './flawed-stores.ts'
import { Group } from './group.ts'
import { type IngressApi, startIngress } from './ingress.ts'
import { Judge } from './judge.ts'
import { judgeAtRest } from './judge-at-rest.ts'
import { Kafka } from './kafka.ts'
import { startLedger } from './ledger.ts'
import { COMMANDS, OWN_STREAMS } from './own-streams.ts'
import { placeWorkload } from './place-workload.ts'
import { Platform } from './platform.ts'
import { prepareDatabases } from './prepare-databases.ts'
import { Product } from './product.ts'
import { Random } from './random.ts'
import { recordSeen } from './record-seen.ts'
import { unrest } from './rest.ts'
import type { Rule } from './rules.ts'
import { Scheduler } from './scheduler.ts'
import { type Cue, Script } from './script.ts'
import type { LedgerApi, Universe } from './universe.ts'
import { Webhooks } from './webhooks.ts'
import { Wire } from './wire.ts'
import { type Workload, workloadOf } from './workload.ts'

export const START_MS = Date.parse('2026-06-01T12:00:00Z')

export interface WorldOptions {
  readonly seed: number
  readonly flaw?: Flaw | null
  readonly climate?: Climate
  readonly workload?: Workload
  readonly cues?: readonly Cue[]
  /** Remembers every call, for whoever puts cues there. */
  readonly isListing?: boolean
  readonly answers?: readonly Answer[]
  /** Steps until all faults are healed. */
  readonly chaosSteps?: number
  /** Faults that strike before all are healed, if there are so many in this weather. */
  readonly faultsMin?: number
  /** The only rules that can hold; null = all. */
  readonly judges?: ReadonlySet<Rule> | null
  readonly trace?: (line: string) => void
}

const CHAOS_STEPS = 260
const CHAOS_STEPS_MAX = 2_000
const LOOK_EVERY = 8
/** An hour of doubt, a settle window for each probe, the longest pause of a lane, and some. */
const CALM_MS_MAX = 4 * 3_600_000
const CALM_STEPS_MAX = 30_000
/** Who stood still gets this long to say what it had in hand, ms. */
const AWAKE_AFTER_MS = 10_000

export class World {
  readonly judge: Judge
  readonly coverage = new Coverage()
  readonly faults: Faults
  readonly script: Script
  readonly scheduler: Scheduler
  readonly universe: Universe
  healedAtMs = 0
  isDone = false
  readonly #options: WorldOptions
  readonly #clock: BusinessClock
  readonly #environment: Environment
  readonly #webhooks: Webhooks
  readonly #product: Product
  readonly #chaosSteps: number
  readonly #processes: Actor[] = []
  readonly #random: Random
  #climate: Climate
  #ledger: LedgerApi | null = null
  #ingress: IngressApi | null = null
  #starts = 0
  #calmSteps = 0
  #isJudging = false
  #awakeMs = 0

  constructor(options: WorldOptions) {
    this.#options = options
    const random = new Random(options.seed)
    this.#random = random
    const workload = options.workload ?? workloadOf(random, START_MS)
    this.#climate = options.climate ?? climateOf(random)
    this.#chaosSteps = options.chaosSteps ?? 60 + random.below(CHAOS_STEPS)
    this.script = new Script(options.cues ?? [], options.isListing)
    this.scheduler = new Scheduler(random)
    this.#clock = new BusinessClock(() => this.scheduler.nowMs, START_MS)
    this.judge = new Judge({
      clock: this.#clock,
      claims: () => this.universe.claims,
      platform: () => this.universe.platform,
      judges: options.judges ?? null,
    })
    this.faults = new Faults(() => this.judge.inFlight())
    this.universe = this.#assemble(workload)
    const outside = new Actor('outside', 'platform')
    const { wire } = this.universe
    const { judge } = this
    const nowMs = () => this.#clock.nowMs()
    const ingress = () => this.#ingress
    this.#webhooks = new Webhooks({ wire, random, judge, actor: outside, nowMs, ingress })
    this.#product = new Product(this.universe, new Actor('outside', 'product'))
    this.#environment = new Environment({
      ...{ universe: this.universe, clock: this.#clock, tell: (line) => this.#tell(line) },
      processes: () => this.#processes,
      crash: (actor) => this.crash(actor),
      freeze: (actor) => this.freeze(actor),
    })
    this.#begin(workload)
  }

  /** One step; afterwards everything that can go on without a choice has to go on. */
  advance(): void {
    if (this.isDone || this.#isJudging) return
    const isChaos = this.#isChaos()
    if (isChaos) this.#environment.step()
    else if (this.healedAtMs === 0) this.#heal()
    // Before the step: what it lets go on has not happened yet when it returns.
    else this.#lookForRest(false)
    if (this.isDone || this.#isJudging) return
    const parked = this.scheduler.step()
    if (parked) this.#tell(() => `${parked.actor.name} ${parked.label}`)
    if (this.judge.violations.length > 0) this.isDone = true
    else if (!isChaos && parked === false) this.#lookForRest(true)
  }

  #isChaos(): boolean {
    const { steps } = this.scheduler
    if (this.healedAtMs > 0 || steps >= CHAOS_STEPS_MAX) return false
    return steps < this.#chaosSteps || this.faults.count < (this.#options.faultsMin ?? 0)
  }

  /** Unwinds what still waits, so that no timer of a service keeps our own process alive. */
  end(): void {
    for (const actor of this.#processes) this.scheduler.kill(actor)
  }

  crash(actor: Actor): void {
    if (!actor.isAlive) return
    this.#tell(() => `-- ${actor.name} dies`)
    this.scheduler.kill(actor)
    this.#processes.splice(this.#processes.indexOf(actor), 1)
    if (actor === this.#ledger?.actor) this.#ledger = null
    if (actor === this.#ingress?.actor) this.#ingress = null
    this.scheduler.later(20 + this.#random.below(3_000), () => this.#boot(actor.kind))
    this.scheduler.later(this.#random.below(9_000), () => this.#rebalanceAll())
  }

  /** It stands still, and what it was about to do waits; afterwards it does not know. */
  freeze(actor: Actor): void {
    if (actor.isFrozen || !actor.isAlive) return
    actor.isFrozen = true
    const forMs = this.#random.pick([50, 5_000, 40_000, 70_000, 200_000])
    this.#awakeMs = Math.max(this.#awakeMs, this.scheduler.nowMs + forMs + AWAKE_AFTER_MS)
    this.scheduler.later(forMs, () => {
      if (actor.isFrozen) this.scheduler.thaw(actor)
    })
    if (this.#random.chance(0.7)) this.scheduler.later(20_000, () => this.#rebalanceAll())
  }

  #assemble(workload: Workload): Universe {
    const { scheduler, judge, coverage, script, faults } = this
    const random = this.#random
    const climate = () => this.#climate
    const { flaw = null } = this.#options
    const wire = new Wire({
      ...{ scheduler, random, climate, script, faults },
      freeze: (actor) => this.freeze(actor),
      crash: (actor) => this.crash(actor),
      befalls: (fault) => this.#environment.befall(fault),
      tell: (line) => this.#tell(line),
    })
    const bytes = createBytes()
    const onRecord = recordSeen({ bytes, judge, tell: (line) => this.#tell(line) })
    const kafka = new Kafka({ scheduler, wire, random, climate, faults, onRecord })
    const group = (topics: ConstructorParameters<typeof Group>[1]) =>
      new Group({ kafka, scheduler, wire, random }, topics)
    const platform = new Platform({
      ...{ random, climate, faults, judge, planned: this.#options.answers ?? [] },
      ...{ isSingleUse: workload.isSingleUse, tellsUsed: workload.tellsUsed },
      businessMs: () => this.#clock.nowMs(),
      echo: (sent) => this.#webhooks.echo(sent),
      tap: (token) => this.#webhooks.optIns([token]),
    })
    return {
      ...{ random, scheduler, wire, climate, kafka, bytes, platform, judge, coverage },
      ...{ faults, flaw },
      claims: createClaims({
        ...{ random, flaw, nowMs: () => scheduler.nowMs },
        onHeld: (token, { commandId }) => judge.held(token, commandId),
      }),
      ledgerDatabase: createReadModel({ random, flaw }),
      groups: {
        commands: group(COMMANDS),
        facts: group(OWN_STREAMS),
        ledger: group(LEDGER_TOPICS),
      },
      policy: workload.policy,
      clock: this.#clock,
      ledger: () => this.#ledger,
      fail: (actor, error) => {
        if (!actor.isAlive) return
        this.judge.failed(actor, error)
        this.crash(actor)
      },
    }
  }

  #begin(workload: Workload): void {
    const { universe } = this
    this.#environment.connect()
    if (this.#random.chance(0.9)) prepareDatabases(universe)
    placeWorkload(universe, workload)
    for (let count = 0; count < workload.dispatchers; count += 1) this.#boot('dispatcher')
    this.#boot('ledger')
    this.#boot('ingress')
    if (this.#random.chance(0.5)) this.#webhooks.optIns(workload.tokens)
    else for (const token of workload.tokens) this.#webhooks.optIns([token])
    this.#product.start(workload)
  }

  #boot(kind: ActorKind): void {
    this.#starts += 1
    const actor = new Actor(kind, `${kind}-${this.#starts}`)
    this.#processes.push(actor)
    void this.#start(actor).catch((error) => {
      if (!(error instanceof Killed)) this.universe.fail(actor, error)
    })
  }

  async #start(actor: Actor): Promise<void> {
    if (actor.kind === 'dispatcher') await startDispatcher(this.universe, actor)
    if (actor.kind === 'ledger') this.#ledger = await startLedger(this.universe, actor)
    if (actor.kind === 'ingress') this.#ingress = await startIngress(this.universe, actor)
  }

  #rebalanceAll(): void {
    const { commands, facts, ledger } = this.universe.groups
    for (const group of [commands, facts, ledger]) group.rebalance()
  }

  #heal(): void {
    this.#tell(() => '-- all faults end')
    this.healedAtMs = this.scheduler.nowMs
    // Whether echoes come is no fault: the protocol has to do without them.
    this.#climate = { ...CALM, echo: this.#climate.echo }
    for (const actor of this.#processes) if (actor.isFrozen) this.scheduler.thaw(actor)
    this.#awakeMs = Math.min(this.#awakeMs, this.healedAtMs + AWAKE_AFTER_MS)
    // Of facts about a page the youngest holds, so that what mends it must be younger.
    this.#clock.catchUp()
    this.#environment.mend()
    this.#rebalanceAll()
  }

  #lookForRest(isStuck: boolean): void {
    this.#calmSteps += 1
    if (!isStuck && this.#calmSteps % LOOK_EVERY !== 0) return
    const left = this.#whatIsLeft()
    const isLate = this.scheduler.nowMs - this.healedAtMs > CALM_MS_MAX
    if (left !== null && !isStuck && !isLate && this.#calmSteps < CALM_STEPS_MAX) return
    if (left !== null) {
      this.judge.violate('everything ends once faults are healed', left)
      this.isDone = true
      return
    }
    this.#isJudging = true
    const bug = (error: unknown) => this.judge.violate('the judge does not fail', String(error))
    void judgeAtRest(this.universe)
      .catch(bug)
      .finally(() => {
        this.isDone = true
      })
  }

  /** Null at rest. Who stands still, or did, may have an answer in hand that nobody else knows. */
  #whatIsLeft(): string | null {
    if (this.#webhooks.open + this.#product.open > 0) return 'calls from outside'
    if (this.scheduler.nowMs < this.#awakeMs) return 'somebody stood still until now'
    return unrest(this.universe)
  }

  #tell(line: () => string): void {
    this.#options.trace?.(`${this.scheduler.steps} ${this.scheduler.nowMs} ${line()}`)
  }
}
