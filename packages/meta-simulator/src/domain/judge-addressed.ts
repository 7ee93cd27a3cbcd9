/** Sends to whom a page knows by something else than an id or a one-time token. */
import { DAY_MS } from '@otn/kernel'
import { accepted } from './accept-send.ts'
import { addressKey } from './graph-state.ts'
import type { Outcome } from './judgement.ts'
import { reachFault } from './reach.ts'
import type { Recipient } from './read-recipient.ts'
import type { Send } from './send.ts'
import { threadOf } from './world.ts'

/** A private reply is possible for so long after the comment or post. */
const REPLY_MS = 7 * DAY_MS
/** Answers to these sends name nobody. */
const NAMELESS: ReadonlySet<string> = new Set(['user_ref', 'phone_number'])
const REPLIES: ReadonlySet<string> = new Set(['comment_id', 'post_id'])

export function judgeAddressed(
  { kind, value }: Extract<Recipient, { readonly form: 'address' }>,
  send: Send,
): Outcome {
  const { page, context } = send.call
  const address = context.world.graph.addresses.get(addressKey(kind, value))
  if (address === undefined || address.pageId !== page.pageId) {
    const isToken = kind === 'notification_messages_token'
    return { situation: isToken ? 'token-unknown' : 'person-unknown' }
  }
  const thread = threadOf(context.world, page.pageId, address.psid)
  const fault = thread === undefined ? null : reachFault(send.call, thread)
  if (fault !== null) return fault
  if (REPLIES.has(kind)) {
    if (address.used) return { situation: 'reply-made' }
    if (context.nowMs - address.givenAtMs >= REPLY_MS) return { situation: 'reply-impossible' }
  }
  const isNamed = !NAMELESS.has(kind)
  const { answer, facts } = accepted(
    { psid: address.psid, route: 'address', token: null, isNamed },
    send,
  )
  return { answer, facts: [...facts, { type: 'AddressUsed', form: kind, value }] }
}
