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

export interface OptInRequestInput {
  /** Exactly one: within the window the person, else a token, which is spent. */
  readonly to: { readonly psid: Secret } | { readonly token: Secret }
  /** At most 65 UTF-16 code units; validated by the caller. */
  readonly title: string
  /** Comes back with the consent, byte by byte. */
  readonly payload: string
  /** @see writeMetadata */
  readonly metadata: string
}

/**
 * The body that asks a person whether they want to be notified. Title and payload are all that a
 * page may choose: the template type and the button are the platform's. Our metadata stands beside
 * the template, where the echo gives it back.
 * @see One-Time Notification guide, "Sending the request"
 */
export function buildOptInRequest({ to, title, payload, metadata }: OptInRequestInput): string {
  const template = { template_type: 'one_time_notif_req', title, payload }
  const recipient =
    'psid' in to ? { id: to.psid.reveal() } : { one_time_notif_token: to.token.reveal() }
  const message = { attachment: { type: 'template', payload: template } }
  return JSON.stringify({ recipient, message: withMetadata(message, metadata) })
}

function withMetadata(content: MessageContent, metadata: string): MessageContent {
  invariant(!Object.hasOwn(content, 'metadata'), 'the content of a message has no metadata')
  return { ...content, metadata }
}
