/** A small world for the pure core: two pages, one person on each, and a call to judge. */
import { answerGraph } from '../src/domain/answer-graph.ts'
import { evolve, type GrowingWorld, newWorld } from '../src/domain/evolve.ts'
import type { GraphAnswer } from '../src/domain/graph-answer.ts'
import type { GraphRequest } from '../src/domain/graph-request.ts'
import type { JsonObject } from '../src/domain/json-object.ts'
import { wantsHandshake } from '../src/domain/judgement.ts'
import { defaultSwitches, type Switches } from '../src/domain/switches.ts'

export const NOW_MS = 1_700_000_000_000
export const SHOP = '1000'
export const OTHER = '1001'
export const ADA = '2000'
export const TOKEN = '4400000000000001'

export interface PretendWorld {
  readonly world: GrowingWorld
  /** Judges a call of the shop and lets its facts become true. */
  call(parameters: JsonObject, more?: Partial<GraphRequest>): GraphAnswer
  /** Turns switches. */
  turn(switches: Partial<Switches>): void
  pass(ms: number): void
  write(): void
  issue(token?: string, pageId?: string): void
}

export function pretendWorld(): PretendWorld {
  const world = newWorld([pageOf(SHOP), pageOf(OTHER)])
  const person = { pageId: SHOP, psid: ADA, name: 'Ada' }
  evolve(world, { type: 'PersonJoined', person })
  let [nowMs, count, switches] = [NOW_MS, 0, defaultSwitches]
  return {
    world,
    call: (parameters, more = {}) => {
      count += 1
      const path = { version: 'v21.0', node: 'me', edge: 'messages', rest: '' }
      const accessToken = `access-${SHOP}`
      const fresh = { messageId: `m_${count}`, traceId: `trace/${count}` }
      const request = { method: 'POST', path, accessToken, parameters, ...more }
      const mint = () => ({ accessToken: `EAA${count}`, proof: `proof-EAA${count}` })
      const outcome = answerGraph(request, { world, switches, nowMs, fresh, mint })
      if (wantsHandshake(outcome)) throw new Error('a handshake is wanted')
      const { answer, facts } = outcome
      for (const fact of facts) evolve(world, fact)
      return answer
    },
    turn: (changed) => {
      switches = { ...switches, ...changed }
    },
    pass: (ms) => {
      nowMs += ms
    },
    write: () => {
      const act = { kind: 'message', mid: 'm_in', text: 'Hi' } as const
      const at = { pageId: SHOP, psid: ADA, atMs: nowMs }
      evolve(world, { type: 'PersonActed', ...at, act, opensWindow: true })
    },
    issue: (token = TOKEN, pageId = SHOP) => {
      const issued = { token, pageId, psid: ADA, payload: 'p', grantedAtMs: nowMs }
      evolve(world, { type: 'TokenIssued', issued, requestMid: null, opensWindow: false })
    },
  }
}

/** `code` or `code/subcode` of an answer; the status of one without an error. */
export function codeOf({ status, body }: GraphAnswer): string {
  const { error } = body
  if (typeof error !== 'object' || error === null) return String(status)
  const { code, error_subcode: subcode }: { code?: number; error_subcode?: number } = error
  return subcode === undefined ? String(code) : `${code}/${subcode}`
}

function pageOf(pageId: string) {
  const accessToken = `access-${pageId}`
  return { pageId, name: 'Shop', accessToken, appSecretProof: `proof-${pageId}` }
}
