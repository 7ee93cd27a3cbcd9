/** One person of a situation, from the first step to the command. */
import type { TokenEvent } from '@otn/contracts'
import {
  commandId,
  eventId,
  isAppError,
  type PageScopedUserId,
  pageId,
  pageScopedUserId,
  type TokenId,
  tokenId,
} from '@otn/kernel'
import type { Simulator } from '@otn/meta-simulator'
import { identity } from '../simulation/bytes.ts'
import type { Command, DispatcherInside } from './dispatcher-inside.ts'
import type { InnerLog } from './inner-log.ts'
import type { Situation, Step, Wish } from './situation.ts'

export interface Around {
  readonly simulator: Simulator
  readonly log: InnerLog
  readonly dispatcher: DispatcherInside
}

/** How long somebody waits for a webhook to arrive, real time. */
const WAIT_MS = 10_000

export class Life {
  readonly #around: Around
  readonly #situation: Situation
  readonly #number: number
  #commands = 0
  readonly psid: PageScopedUserId
  readonly pageId: string
  /** Raw, newest first. */
  readonly tokens: string[] = []

  constructor(around: Around, situation: Situation, number: number) {
    this.#around = around
    this.#situation = situation
    this.#number = number
    const { pages } = around.simulator
    this.pageId = pages[situation.page]?.pageId ?? ''
    const [person] = around.simulator.addPeople({ pageId: this.pageId, count: 1 })
    this.psid = pageScopedUserId(person?.psid ?? '')
  }

  /** The page that the command names. */
  get pageOfCommand(): string {
    const { pages } = this.#around.simulator
    const { page, wish } = this.#situation
    return wish.isOfOtherPage ? (pages[(page + 1) % 3]?.pageId ?? '') : this.pageId
  }

  /** What the platform does not allow now does not happen. */
  async live(step: Step): Promise<void> {
    try {
      await this.#do(step)
    } catch (error) {
      if (!isAppError(error, 'OTN_HTTP_CONFLICT')) throw error
    }
  }

  command(wish: Wish, nowMs: number): Command {
    this.#commands += 1
    const ids = {
      commandId: commandId(`c-${this.#number}-${this.#commands}`),
      pageId: pageId(this.pageOfCommand),
      ...this.#named(wish.names),
      ...{ topic: wish.topic, requestedBy: 'agreement', requestedAt: nowMs },
    }
    if (wish.kind === 'request') {
      return { kind: 'request', value: { ...ids, title: wish.title, context: wish.context } }
    }
    const { text, message, route, tag, notBeforeMs, giveUpMs } = wish
    const from = (ms: number | null) => (ms === null ? null : nowMs + ms)
    const times = { notBefore: from(notBeforeMs), giveUpAt: from(giveUpMs) }
    return { kind: 'notify', value: { ...ids, text, message, route, tag, ...times } }
  }

  #named(names: Wish['names']): { psid: PageScopedUserId | null; tokenId: TokenId | null } {
    if (names === 'psid') return { psid: this.psid, tokenId: null }
    if (names === 'nobody') return { psid: null, tokenId: null }
    const [newest] = this.tokens
    const unknown = names === 'no such token' || newest === undefined
    const named = unknown ? tokenId('f'.repeat(32)) : identity.token(pageId(this.pageId), newest)
    return { psid: null, tokenId: named }
  }

  async #do(step: Step): Promise<void> {
    const { simulator, dispatcher } = this.#around
    const at = { pageId: this.pageId, psid: this.psid }
    const nowMs = simulator.nowMs()
    switch (step.kind) {
      case 'act':
        await simulator.act({ ...at, act: actOf(step.act), waitMs: waitFor(step.act) })
        return
      case 'tap': {
        const payload = `otn1:${step.topic}:c`
        const { token } = await simulator.tap({ ...at, payload, waitMs: WAIT_MS })
        this.tokens.unshift(token)
        return
      }
      case 'spend':
        if (step.by === 'us') await dispatcher.handle(this.command(EARLIER, nowMs))
        else if (this.tokens[0] !== undefined) {
          const message = { text: 'Of another app.' }
          await simulator.send({ pageId: this.pageId, token: this.tokens[0], message })
        }
        return
      case 'ask': {
        const title = `Shall we tell you of ${step.topic}?`
        await dispatcher.handle(this.command({ ...ASKED, topic: step.topic, title }, nowMs))
        return
      }
      case 'withdraw':
        await this.#withdraw(step.topic, nowMs)
    }
  }

  async #withdraw(topic: string | null, nowMs: number): Promise<void> {
    const page = pageId(this.pageId)
    const event: TokenEvent = {
      ...{ type: 'ConsentWithdrawn', pageId: page, person: identity.person(page, this.psid) },
      ...{ eventId: eventId(`withdrawn-${this.#number}`), at: nowMs, withdrawnAt: nowMs },
      ...{ tokenId: null, topic, reason: 'withdrawn-by-person' },
    }
    await this.#around.log.write('token', event)
  }
}

const EARLIER: Wish = {
  ...{ kind: 'notify', names: 'token', isOfOtherPage: false, route: 'TOKEN', tag: null },
  ...{ topic: 'restock-1', text: 'Earlier.', message: null, notBeforeMs: null, giveUpMs: null },
}

const ASKED = {
  kind: 'request',
  names: 'psid',
  isOfOtherPage: false,
  context: 'shop-7',
} as const

/** The app is told of what people do, but for what changes the thread as a whole. */
function waitFor(act: Extract<Step, { kind: 'act' }>['act']): number {
  return ['block', 'stop', 'delete-chat'].includes(act) ? 0 : WAIT_MS
}

function actOf(act: Extract<Step, { kind: 'act' }>['act']) {
  switch (act) {
    case 'message':
      return { kind: 'message', text: 'Hi' } as const
    case 'postback':
      return { kind: 'postback', title: 'More', payload: 'more' } as const
    case 'reaction':
      return { kind: 'reaction', mid: 'm_1' } as const
    case 'referral':
      return { kind: 'referral', referral: { ref: 'shop' } } as const
    default:
      return { kind: act } as const
  }
}
