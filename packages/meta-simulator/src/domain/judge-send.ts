/**
 * `POST /me/messages`. The body is judged before the recipient, as the reference's safe rule for
 * callers assumes: a bare 100 on a token send with a well-formed body means the token.
 */
import { assertNever } from '@otn/kernel'
import { accepted } from './accept-send.ts'
import { checkDelivery } from './check-delivery.ts'
import { type PageCall, permissionFault } from './graph-call.ts'
import { judgeAction } from './judge-action.ts'
import { judgeAddressed } from './judge-addressed.ts'
import { requestFault } from './judge-request.ts'
import { isRefused, type Outcome } from './judgement.ts'
import { optInRequestOf } from './opt-in-template.ts'
import { reachFault, standingFault } from './reach.ts'
import { readMessage } from './read-message.ts'
import { readRecipient } from './read-recipient.ts'
import type { Send } from './send.ts'
import { attachmentFault } from './sent-attachment.ts'
import { tokenState } from './token-state.ts'
import { routeToPerson } from './window.ts'
import { threadOf } from './world.ts'

/** Judges one send and, if it is accepted, tells what the person received. */
export function judgeSend(call: PageCall): Outcome {
  const { parameters } = call.request
  const { switches, nowMs } = call.context
  const recipient = readRecipient(parameters.recipient)
  if (isRefused(recipient)) return recipient
  const { message: given, sender_action: action } = parameters
  if (given !== undefined && action !== undefined) return { situation: 'message-and-action' }
  if (given === undefined && action === undefined) return { situation: 'message-missing' }
  const unfit = checkDelivery(parameters, nowMs) ?? permissionFault(call, 'pages_messaging')
  if (unfit !== null) return unfit
  if (action !== undefined) return judgeAction(call, recipient)
  const message = readMessage(given, switches)
  if (isRefused(message)) return message
  const { content } = message
  const request = optInRequestOf(content)
  const send = { call, message: content, request, tag: parameters.tag }
  const kind = recipient.form === 'token' ? 'token-send' : 'message'
  const fault = attachmentFault(send) ?? standingFault(call, request === null ? kind : 'request')
  if (fault !== null) return fault
  switch (recipient.form) {
    case 'person':
      return sendToPerson(recipient.psid, send)
    case 'token':
      return sendWithToken(recipient.token, send)
    case 'address':
      return judgeAddressed(recipient, send)
    default:
      return assertNever(recipient)
  }
}

function sendToPerson(psid: string, send: Send): Outcome {
  const { call, message, request, tag } = send
  const { page, context } = call
  const thread = threadOf(context.world, page.pageId, psid)
  if (thread === undefined) return { situation: 'person-unknown' }
  const fault = reachFault(call, thread)
  if (fault !== null) return fault
  const route = routeToPerson({ thread, message, tag, nowMs: context.nowMs })
  if (typeof route === 'object') return route
  if (request !== null) {
    const repeated = requestFault(request, thread, context)
    if (repeated !== null) return repeated
  }
  return accepted({ psid, route, token: null }, send)
}

function sendWithToken(token: string, send: Send): Outcome {
  const { page, context } = send.call
  const issued = context.world.tokens.get(token)
  if (issued === undefined) return { situation: 'token-unknown' }
  if (issued.pageId !== page.pageId) return { situation: 'token-foreign' }
  const state = tokenState(issued, context.nowMs, context.switches.tokenLife)
  switch (state) {
    case 'SPENT':
      return { situation: 'token-spent' }
    case 'EXPIRED':
      return { situation: 'token-expired' }
    case 'ISSUED':
      return (
        tokenFault(issued.psid, send) ??
        accepted({ psid: issued.psid, route: 'token', token }, send)
      )
    default:
      return assertNever(state)
  }
}

function tokenFault(psid: string, { call, request }: Send) {
  const { page, context } = call
  const thread = threadOf(context.world, page.pageId, psid)
  if (thread === undefined) return null
  const fault = reachFault(call, thread)
  if (fault !== null) return fault
  if (thread.stopped) return { situation: 'person-stopped' } as const
  return request === null ? null : requestFault(request, thread, context)
}
