/** Rate limits in front of the judge, which can be turned on, off and over at any time. */
import type { GraphRequest } from '../domain/graph-request.ts'
import { isJsonObject } from '../domain/json-object.ts'
import type { World } from '../domain/world.ts'
import { defaultLimitRules, type LimitRules } from './limit-rules.ts'
import { type Admission, type CountedCall, RateLimits } from './rate-limits.ts'

const OPEN: Admission = { situation: null, headers: {} }

export class Gate {
  readonly #machineMs: () => number
  #rules: LimitRules | null
  #limits: RateLimits | null

  /** @param machineMs real time, for limits that do not follow the simulator's clock */
  constructor(rules: Partial<LimitRules> | null, machineMs: () => number) {
    this.#machineMs = machineMs
    this.#rules = rules === null ? null : { ...defaultLimitRules, ...rules }
    this.#limits = this.#rules === null ? null : new RateLimits(this.#rules)
  }

  get rules(): LimitRules | null {
    return this.#rules
  }

  /** From now on these limits, counted from nothing; null = none. */
  set(rules: LimitRules | null): void {
    this.#rules = rules
    this.#limits = rules === null ? null : new RateLimits(rules)
  }

  /** Counts a call of somebody known. Strangers are turned away by the judge and cost nothing. */
  admit(request: GraphRequest, scene: Scene): Admission {
    if (this.#limits === null || this.#rules === null) return OPEN
    const call = countedCall(request, scene.world)
    const nowMs = this.#rules.time === 'machine' ? this.#machineMs() : scene.nowMs
    return call === null ? OPEN : this.#limits.admit(call, nowMs)
  }
}

interface Scene {
  readonly world: World
  readonly nowMs: number
}

function countedCall({ accessToken, path, parameters }: GraphRequest, world: World) {
  const caller = world.graph.accessTokens.get(accessToken ?? '')
  if (caller === undefined) return null
  const { recipient, message } = parameters
  const attachment = isJsonObject(message) ? message.attachment : undefined
  const kind = isJsonObject(attachment) ? attachment.type : undefined
  const to = isJsonObject(recipient) ? recipient : {}
  const token = typeof to.one_time_notif_token === 'string' ? to.one_time_notif_token : ''
  const thread = typeof to.id === 'string' ? to.id : (world.tokens.get(token)?.psid ?? null)
  return {
    kind: caller.kind,
    owner: caller.kind === 'page' ? caller.pageId : caller.accessToken,
    isSend: path.edge === 'messages',
    isMedia: kind === 'audio' || kind === 'video',
    thread,
  } satisfies CountedCall
}
