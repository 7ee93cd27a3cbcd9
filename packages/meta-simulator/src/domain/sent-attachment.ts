import { attachmentIdOf } from './attachment-id.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import type { Refused } from './judgement.ts'
import type { Send } from './send.ts'

/** The refusal of an attachment id that is not this page's, or null. */
export function attachmentFault({ call, message }: Send): Refused | null {
  const id = payloadOf(message)?.attachment_id
  if (typeof id !== 'string') return null
  const known = call.context.world.graph.attachments.get(id)
  return known?.pageId === call.page.pageId ? null : { situation: 'attachment-foreign' }
}

/** What Meta keeps of a file that was sent with `is_reusable`; else null. */
export function keptAttachment(message: JsonObject, mid: string) {
  if (payloadOf(message)?.is_reusable !== true || !isJsonObject(message.attachment)) return null
  return { attachmentId: attachmentIdOf(mid), kind: String(message.attachment.type) }
}

function payloadOf({ attachment }: JsonObject): JsonObject | null {
  return isJsonObject(attachment) && isJsonObject(attachment.payload) ? attachment.payload : null
}
