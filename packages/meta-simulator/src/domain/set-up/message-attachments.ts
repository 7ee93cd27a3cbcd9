import { attachmentIdOf } from '../attachment-id.ts'
import { success } from '../graph-answer.ts'
import type { PageCall } from '../graph-call.ts'
import { isJsonObject } from '../json-object.ts'
import { invalid, isRefused, type Outcome } from '../judgement.ts'
import { readMessage } from '../read-message.ts'

/** `POST /me/message_attachments`: a file that later messages name by its id. */
export function uploadAttachment({ request, page, context }: PageCall): Outcome {
  const message = readMessage(request.parameters.message, context.switches)
  if (isRefused(message)) return message
  const { attachment } = message.content
  if (!isJsonObject(attachment) || attachment.type === 'template') {
    return invalid('param message[attachment] must be image, audio, video or file.')
  }
  const kind = String(attachment.type)
  const attachmentId = attachmentIdOf(context.fresh.messageId)
  return {
    answer: success({ attachment_id: attachmentId }),
    facts: [{ type: 'AttachmentUploaded', pageId: page.pageId, attachmentId, kind }],
  }
}
