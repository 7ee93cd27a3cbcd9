/** The members of a send that say how it goes out. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import { invalid, type Refused } from './judgement.ts'
import { checkTag } from './window.ts'

const MESSAGING_TYPES = new Set(['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY'])
const NOTIFICATION_TYPES = new Set(['REGULAR', 'SILENT_PUSH', 'NO_PUSH'])

/** The refusal of those members, or null. Meta's own samples leave `messaging_type` out. */
export function checkDelivery(parameters: JsonObject, nowMs: number): Refused | null {
  const { messaging_type: type, notification_type: notification, tag } = parameters
  if (type !== undefined && !(typeof type === 'string' && MESSAGING_TYPES.has(type))) {
    return invalid('param messaging_type must be RESPONSE, UPDATE, MESSAGE_TAG or UTILITY.')
  }
  if (type === 'MESSAGE_TAG' && tag === undefined) return invalid('The parameter tag is required')
  if (
    notification !== undefined &&
    !(typeof notification === 'string' && NOTIFICATION_TYPES.has(notification))
  ) {
    return invalid('param notification_type must be REGULAR, SILENT_PUSH or NO_PUSH.')
  }
  return checkTag({ tag, type }, nowMs) ?? checkRest(parameters)
}

function checkRest({ persona_id: persona, reply_to: reply }: JsonObject): Refused | null {
  if (persona !== undefined && typeof persona !== 'string') {
    return invalid('param persona_id must be a string.')
  }
  if (reply === undefined || (isJsonObject(reply) && typeof reply.mid === 'string')) return null
  return invalid('param reply_to needs mid.')
}
