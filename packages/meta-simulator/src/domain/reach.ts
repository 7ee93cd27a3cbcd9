/** What keeps a page from a person whom it may write to otherwise. */
import { assertNever } from '@otn/kernel'
import type { PageCall } from './graph-call.ts'
import type { Refused } from './judgement.ts'
import { ownerOf } from './set-up/thread-control.ts'
import type { Thread } from './world.ts'

/** What a send is, as far as a page's standing cares. */
export type SendKind = 'message' | 'token-send' | 'request'

/** The refusal of everything, or of this kind, that the page sends, or null. */
export function standingFault({ page, context }: PageCall, kind: SendKind): Refused | null {
  const standing = context.world.graph.standings.get(page.pageId) ?? 'good'
  switch (standing) {
    case 'good':
      return null
    case 'restricted':
      return { situation: 'page-restricted' }
    case 'judged-abusive':
      return { situation: 'judged-abusive' }
    case 'feature-limited':
      return { situation: 'feature-limited' }
    case 'messages-off':
      return { situation: 'page-has-messages-off' }
    case 'requests-restricted':
      return kind === 'request' ? { situation: 'requests-restricted' } : null
    case 'grant-missing':
      return kind === 'message' ? null : { situation: 'grant-missing' }
    default:
      return assertNever(standing)
  }
}

/** The refusal because of the person or the thread, or null. */
export function reachFault({ page, context }: PageCall, thread: Thread): Refused | null {
  const { world, nowMs, switches } = context
  if (switches.developmentMode) return { situation: 'person-without-role' }
  if (thread.blocked || thread.deleted) return { situation: 'person-unavailable' }
  const owner = ownerOf(world, { pageId: page.pageId, psid: thread.person.psid }, nowMs)
  const isOthers = owner !== null && owner.appId !== world.graph.app.appId
  return isOthers ? { situation: 'thread-owned' } : null
}
