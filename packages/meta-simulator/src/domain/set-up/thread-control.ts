/** Which app may write in a thread: the handover protocol, whose calls outlived its name. */
import { HOUR_MS } from '@otn/kernel'
import { success } from '../graph-answer.ts'
import { type PageCall, textParameter } from '../graph-call.ts'
import type { GraphFact } from '../graph-facts.ts'
import type { ThreadOwner } from '../graph-state.ts'
import { isJsonObject } from '../json-object.ts'
import { invalid, isRefused, type Outcome, type Refused } from '../judgement.ts'
import { threadKey, threadOf, type World } from '../world.ts'

/** Guess: how long control lasts when it is taken or extended without a time. */
const CONTROL_MS = 24 * HOUR_MS

/** Who owns a thread now; null when its control ran out or was given up. */
export function ownerOf(
  { graph }: World,
  at: { readonly pageId: string; readonly psid: string },
  nowMs: number,
): ThreadOwner | null {
  const owner = graph.owners.get(threadKey(at.pageId, at.psid))
  if (owner === undefined) return null
  return owner.expiresAtMs !== null && nowMs >= owner.expiresAtMs ? null : owner
}

export function readThreadOwner(call: PageCall): Outcome {
  const psid = textParameter(call, 'recipient')
  if (typeof psid !== 'string') return psid
  const { page, context } = call
  if (threadOf(context.world, page.pageId, psid) === undefined) {
    return { situation: 'person-unknown' }
  }
  const owner = ownerOf(context.world, { pageId: page.pageId, psid }, context.nowMs)
  if (owner === null) return { answer: success({ data: [] }), facts: [] }
  const expiration = owner.expiresAtMs === null ? 0 : Math.floor(owner.expiresAtMs / 1000)
  const data = [{ thread_owner: { app_id: owner.appId, expiration } }]
  return { answer: success({ data }), facts: [] }
}

/** Pass, take, request, release and extend. */
export function changeThread(call: PageCall): Outcome {
  const psid = psidOf(call)
  if (typeof psid !== 'string') return psid
  const { page, context } = call
  const { pageId } = page
  const own = context.world.graph.app.appId
  const owner = ownerOf(context.world, { pageId, psid }, context.nowMs)
  const isOthers = owner !== null && owner.appId !== own
  const done = (next: string | null | undefined): Outcome => ({
    answer: success({ success: true }),
    facts: next === undefined ? [] : [owned({ pageId, psid, appId: next, nowMs: context.nowMs })],
  })
  switch (call.request.path.edge) {
    case 'take_thread_control':
      return done(own)
    case 'request_thread_control':
      return done(undefined)
    case 'pass_thread_control': {
      const target = targetOf(call)
      if (isRefused(target)) return target
      return isOthers ? { situation: 'thread-owned' } : done(target.appId)
    }
    case 'extend_thread_control':
      return isOthers ? { situation: 'thread-owned' } : done(own)
    default:
      return isOthers ? { situation: 'thread-owned' } : done(null)
  }
}

function psidOf({ request, page, context }: PageCall): string | Refused {
  const { recipient } = request.parameters
  const psid = isJsonObject(recipient) ? recipient.id : undefined
  if (typeof psid !== 'string') return invalid('The parameter recipient is required')
  const isKnown = threadOf(context.world, page.pageId, psid) !== undefined
  return isKnown ? psid : { situation: 'person-unknown' }
}

function targetOf({ request }: PageCall): { readonly appId: string } | Refused {
  const { target_app_id: target } = request.parameters
  const isId = typeof target === 'number' || (typeof target === 'string' && /^\d+$/.test(target))
  return isId ? { appId: String(target) } : { situation: 'app-id-wrong' }
}

interface Owned {
  readonly pageId: string
  readonly psid: string
  readonly appId: string | null
  readonly nowMs: number
}

/** A thread changes hands; null gives it up. */
export function owned({ pageId, psid, appId, nowMs }: Owned): GraphFact {
  const expiresAtMs = appId === null ? null : nowMs + CONTROL_MS
  return { type: 'ThreadOwnerChanged', pageId, psid, appId, expiresAtMs }
}
