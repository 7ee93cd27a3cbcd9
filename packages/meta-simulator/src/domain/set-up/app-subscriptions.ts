/** `/{APP_ID}/subscriptions`: where Meta delivers webhooks, and which fields exist for the app. */
import { success } from '../graph-answer.ts'
import { type GraphCall, listParameter, textParameter } from '../graph-call.ts'
import { invalid, type Outcome } from '../judgement.ts'
import { unknownField, webhookFields } from './webhook-fields.ts'

/** Registers a callback, after it has echoed a challenge. */
export function subscribeApp(call: GraphCall): Outcome {
  const { handshake } = call.context
  const fault = objectFault(call)
  if (fault !== null) return fault
  const callbackUrl = textParameter(call, 'callback_url')
  if (typeof callbackUrl !== 'string') return callbackUrl
  if (!URL.canParse(callbackUrl)) return invalid('The parameter callback_url is no address')
  const verifyToken = textParameter(call, 'verify_token')
  if (typeof verifyToken !== 'string') return verifyToken
  const fields = listParameter(call, 'fields')
  if (fields === null) return invalid('The parameter fields is required')
  const unknown = unknownField(fields)
  if (unknown !== null) return unknown
  if (handshake === undefined) return { callbackUrl, verifyToken }
  if (handshake.fault !== null) {
    return { situation: 'callback-not-verified', detail: handshake.fault }
  }
  return {
    answer: success({ success: true }),
    facts: [{ type: 'AppSubscribed', callbackUrl, fields }],
  }
}

export function readSubscriptions({ context, request }: GraphCall): Outcome {
  const { subscription } = context.world.graph
  if (subscription === null || subscription.fields?.length === 0) {
    return { answer: success({ data: [] }), facts: [] }
  }
  const version = request.path.version ?? 'v21.0'
  const fields = (subscription.fields ?? webhookFields).map((name) => ({ name, version }))
  const row = { object: 'page', callback_url: subscription.callbackUrl, active: true, fields }
  return { answer: success({ data: [row] }), facts: [] }
}

/** Removes the fields that are named, or the whole subscription. */
export function removeSubscription(call: GraphCall): Outcome {
  const fault = objectFault(call)
  if (fault !== null) return fault
  const fields = listParameter(call, 'fields')
  const unknown = fields === null ? null : unknownField(fields)
  if (unknown !== null) return unknown
  return { answer: success({ success: true }), facts: [{ type: 'AppUnsubscribed', fields }] }
}

/** Only pages have webhooks here; a removal without an object means all of them. */
function objectFault({ request }: GraphCall) {
  const { object } = request.parameters
  if (object === 'page' || (object === undefined && request.method === 'DELETE')) return null
  return invalid('The parameter object must be page')
}
