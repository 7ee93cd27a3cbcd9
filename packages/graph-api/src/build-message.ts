import { invariant, type Json, type Secret } from '@otn/kernel'

/** A Send API message, validated by the caller: text, attachment, quick replies. No metadata. */
export type MessageContent = Readonly<Record<string, Json>>

export interface TokenSendInput {
  readonly token: Secret
  readonly content: MessageContent
  /** @see writeMetadata */
  readonly metadata: string
}

/** The content of a plain text. */
export function textContent(text: string): MessageContent {
  return { text }
}

/**
 * The body that spends a token: the recipient holds the token alone and the message carries our
 * metadata. No messaging_type, no tag, nothing else: the token is the permission.
 * @throws plain Error where the content has metadata of its own (validation refuses it before)
 * @see One-Time Notification guide, "Sending the follow-up message"
 */
export function buildTokenSend({ token, content, metadata }: TokenSendInput): string {
  return JSON.stringify({
    recipient: { one_time_notif_token: token.reveal() },
    message: withMetadata(content, metadata),
  })
}

function withMetadata(content: MessageContent, metadata: string): MessageContent {
  invariant(!Object.hasOwn(content, 'metadata'), 'the content of a message has no metadata')
  return { ...content, metadata }
}
