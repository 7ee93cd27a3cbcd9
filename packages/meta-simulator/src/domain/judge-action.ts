import { success } from './graph-answer.ts'
import type { PageCall } from './graph-call.ts'
import { invalid, type Outcome } from './judgement.ts'
import { reachFault } from './reach.ts'
import type { Recipient } from './read-recipient.ts'
import { threadOf } from './world.ts'

const SENDER_ACTIONS = new Set(['typing_on', 'typing_off', 'mark_seen', 'react', 'unreact'])
/** "recipient should be the only other property": what says how a message goes out is none. */
const NOT_WITH_ACTION = ['messaging_type', 'tag', 'notification_type', 'reply_to'] as const

/** An action reaches nobody as a message, so nothing becomes true. */
export function judgeAction(call: PageCall, recipient: Recipient): Outcome {
  const { context, page, request } = call
  const { sender_action: action } = request.parameters
  if (typeof action !== 'string' || !SENDER_ACTIONS.has(action)) {
    return invalid('param sender_action is not a known action.')
  }
  const stranger = NOT_WITH_ACTION.find((name) => request.parameters[name] !== undefined)
  if (stranger !== undefined) return invalid(`param ${stranger} cannot come with sender_action.`)
  // Documented nowhere; refused, so that no caller comes to depend on it.
  if (recipient.form !== 'person') return invalid('sender_action needs recipient[id].')
  const { psid } = recipient
  const thread = threadOf(context.world, page.pageId, psid)
  if (thread === undefined) return { situation: 'person-unknown' }
  const fault = reachFault(call, thread)
  return fault ?? { answer: success({ recipient_id: psid }), facts: [] }
}
