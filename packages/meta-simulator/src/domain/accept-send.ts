import type { Fact } from './facts.ts'
import { success } from './graph-answer.ts'
import type { Judgement } from './judgement.ts'
import type { Send } from './send.ts'
import { keptAttachment } from './sent-attachment.ts'
import type { DeliveredMessage } from './world.ts'

interface To extends Pick<DeliveredMessage, 'psid' | 'route' | 'token'> {
  /** Whether the answer may name the person; a token send asks the switch. */
  readonly isNamed?: boolean
}

/** The judgement that lets a message out. */
export function accepted({ isNamed, ...to }: To, { call, message }: Send): Judgement {
  const { page, context } = call
  const mid = context.fresh.messageId
  const named = isNamed ?? (to.token === null || context.switches.recipientIdOnTokenSend)
  const kept = keptAttachment(message, mid)
  const delivered = { mid, pageId: page.pageId, ...to, message, atMs: context.nowMs }
  const uploaded: readonly Fact[] =
    kept === null ? [] : [{ type: 'AttachmentUploaded', pageId: page.pageId, ...kept }]
  return {
    answer: success({
      ...(named ? { recipient_id: to.psid } : {}),
      message_id: mid,
      ...(kept === null ? {} : { attachment_id: kept.attachmentId }),
    }),
    facts: [{ type: 'MessageDelivered', delivered }, ...uploaded],
  }
}
