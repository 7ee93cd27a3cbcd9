import { isJsonObject, type JsonObject } from './json-object.ts'

/** What a page may choose about its request for permission; the button belongs to Meta. */
export interface OptInRequest {
  readonly title: string
  readonly payload: string
}

/** The template payload of a message, if it carries one. */
export function templateOf(message: JsonObject): JsonObject | null {
  const attachment = message.attachment
  if (!isJsonObject(attachment) || attachment.type !== 'template') return null
  const payload = attachment.payload
  return isJsonObject(payload) ? payload : null
}

/** The request for permission in an accepted message, else null. */
export function optInRequestOf(message: JsonObject): OptInRequest | null {
  const template = templateOf(message)
  if (template?.template_type !== 'one_time_notif_req') return null
  const { title, payload } = template
  if (typeof title !== 'string' || typeof payload !== 'string') return null
  return { title, payload }
}
