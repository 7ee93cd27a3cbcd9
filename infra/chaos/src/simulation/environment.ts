/** What happens to a world by itself: deaths, freezes, rebalances, jumps of the clock, facts. */
import type { PageEvent, TokenEvent } from '@otn/contracts'
import { eventId, pageId } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { BusinessClock } from './business-clock.ts'
import { identity } from './bytes.ts'
import type { FaultKind } from './faults.ts'
import { PAGES } from './platform.ts'
import type { WorldFault } from './script.ts'
import { SETTINGS } from './settings.ts'
import type { Universe } from './universe.ts'

export interface Surroundings {
  readonly universe: Universe
  readonly clock: BusinessClock
  readonly processes: () => readonly Actor[]
  readonly crash: (actor: Actor) => void
  readonly freeze: (actor: Actor) => void
  readonly tell: (line: () => string) => void
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const JUMPS_MS = [HOUR_MS, -HOUR_MS, DAY_MS, 300_000] as const
const STRIKES = {
  'jump-on': 'jump',
  'jump-back': 'jump',
  'step-down': 'stepDown',
  emptied: 'emptied',
  'log-loss': 'emptied',
} as const satisfies Record<WorldFault, FaultKind>

export class Environment {
  readonly #around: Surroundings
  #facts = 0

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** Called at each step while there are faults. */
  step(): void {
    const { universe, tell } = this.#around
    const { random } = universe
    const climate = universe.climate()
    for (const [name, act] of this.#acts) {
      if (climate[name] === 0 || !random.chance(climate[name])) continue
      tell(() => `-- ${name}`)
      universe.faults.strike(name)
      act()
    }
  }

  readonly #acts = [
    ['crash', () => this.#withProcess((actor) => this.#around.crash(actor))],
    ['freeze', () => this.#withProcess((actor) => this.#around.freeze(actor))],
    ['rebalance', () => this.#rebalance()],
    ['stepDown', () => this.#stepDown()],
    ['emptied', () => this.#empty(this.#around.universe.random.pick(['dispatcher', 'ledger']))],
    ['jump', () => this.#around.clock.jump(this.#around.universe.random.pick(JUMPS_MS))],
    ['standing', () => this.#changeStanding()],
    ['withdraw', () => this.#tellToken()],
  ] as const

  /** The page may send again. */
  mend(): void {
    for (const page of PAGES) {
      this.#tellPage(page, { type: 'PageResumed' })
      this.#tellPage(page, { type: 'PagePolicyEnforced', action: 'unblock' })
    }
  }

  connect(): void {
    for (const page of PAGES) {
      const sealed = this.#around.universe.bytes.vault.seal(
        { accessToken: 'page-token' },
        { record: 'PageEvent', eventId: `connected-${page}`, owner: page },
      )
      const fields = { name: 'Shop', appId: '900', ...sealed }
      this.#tellPage(page, { type: 'PageConnected', ...fields }, `connected-${page}`)
    }
  }

  /** A fault of the world that a script asked for. */
  befall(fault: WorldFault): void {
    const { universe, clock, processes, crash } = this.#around
    universe.faults.strike(STRIKES[fault])
    if (fault === 'jump-on') clock.jump(DAY_MS)
    if (fault === 'jump-back') clock.jump(-HOUR_MS)
    if (fault === 'step-down') this.#stepDown()
    if (fault === 'emptied') this.#empty('dispatcher')
    if (fault !== 'log-loss') return
    universe.kafka.lose('notification')
    universe.judge.forget()
    universe.claims.empty()
    universe.ledgerDatabase.empty()
    for (const actor of [...processes()]) if (actor.kind !== 'ingress') crash(actor)
  }

  #withProcess(act: (actor: Actor) => void): void {
    const living = this.#around.processes().filter(({ isFrozen }) => !isFrozen)
    const [first, ...others] = living
    if (first) act(this.#around.universe.random.pick([first, ...others]))
  }

  #rebalance(): void {
    const { groups, random } = this.#around.universe
    random.pick([groups.commands, groups.facts, groups.ledger]).rebalance()
  }

  #stepDown(): void {
    const { claims, random } = this.#around.universe
    claims.stepDown(1 + random.below(4))
  }

  #empty(kind: 'dispatcher' | 'ledger'): void {
    const { claims, ledgerDatabase } = this.#around.universe
    if (kind === 'dispatcher') claims.empty()
    else ledgerDatabase.empty()
    this.#noticeEmptied(this.#around.processes().filter((actor) => actor.kind === kind))
  }

  /** Each process looks at its database once a second; what that would find, it finds. */
  #noticeEmptied(affected: readonly Actor[]): void {
    this.#around.universe.scheduler.later(1_000, () => {
      for (const actor of affected) {
        if (actor.isFrozen) this.#noticeEmptied([actor])
        else this.#around.crash(actor)
      }
    })
  }

  #changeStanding(): void {
    const { random } = this.#around.universe
    const page = random.pick(PAGES)
    const event = random.pick<object>([
      { type: 'PagePaused' },
      { type: 'PageResumed' },
      { type: 'PagePolicyEnforced', action: 'block' },
      { type: 'PagePolicyEnforced', action: 'unblock' },
    ])
    this.#tellPage(page, event)
  }

  #tellToken(): void {
    const { platform, random, bytes, kafka, clock } = this.#around.universe
    const [first, ...others] = [...platform.tokens.values()]
    if (!first) return
    const { page, psid, raw, topic, grantedAt } = random.pick([first, ...others])
    const tokenId = identity.token(pageId(page), raw)
    const person = identity.person(pageId(page), psid as Parameters<typeof identity.person>[1])
    const about = { pageId: pageId(page), at: clock.nowMs(), person, tokenId }
    const reason = 'withdrawn-by-person'
    // What a ledger tells of the end of a token decides nothing, so it may be told at any time.
    const ends = { expiresAt: grantedAt + SETTINGS.lifeMs, daysLeft: 1 }
    const [withdrawnAt, nobody] = [clock.nowMs(), { tokenId: null }]
    const said = { ...about, type: 'ConsentWithdrawn', reason, withdrawnAt } as const
    const named = (by: string) => eventId(`consent-${by}-${raw}-${withdrawnAt}`)
    const event = random.pick<TokenEvent>([
      { type: 'TokenWithdrawn', ...about, eventId: eventId(`withdrawn-${raw}`), reason },
      { ...said, eventId: named('token'), person: null },
      { ...said, ...nobody, eventId: named('person') },
      { ...said, ...nobody, eventId: named('both'), topic },
      { ...said, ...nobody, eventId: named('topic'), topic, person: null },
      { type: 'TokenTopicAssigned', ...about, eventId: eventId(`topic-${raw}`), topic },
      { type: 'TokenExpiring', ...about, eventId: eventId(`expiring-${raw}`), ...ends },
      { type: 'TokenExpired', ...about, eventId: eventId(`expired-${raw}`), ...ends },
    ])
    const value = bytes.codec.encode('TokenEvent', event)
    const key = event.person ?? `c:${raw}`
    kafka.write([{ topic: 'token', key, value, headers: {} }])
  }

  #tellPage(page: string, about: object, id?: string): void {
    const { bytes, kafka, clock } = this.#around.universe
    this.#facts += 1
    const named = { eventId: eventId(id ?? `page-${this.#facts}`), pageId: pageId(page) }
    const event = { ...named, at: clock.nowMs(), ...about } as PageEvent
    const value = bytes.codec.encode('PageEvent', event)
    kafka.write([{ topic: 'page', key: page, value, headers: {} }])
  }
}
