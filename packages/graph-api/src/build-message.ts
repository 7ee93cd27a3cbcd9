import { invariant, type Json, type Secret } from '@otn/kernel'

/**
 * JSON of a Send API message, validated by the caller: text or attachment, quick replies. It goes
 * out byte by byte. No metadata.
 */
export type MessageContent = string

export interface TokenSendInput {
  readonly token: Secret
  readonly content: MessageContent
  /** @see writeMetadata */
  readonly metadata: string
}

/**
 * The body that spends a token: the recipient holds the token alone and the message carries our
 * metadata. No messaging_type, no tag, nothing else: the token is the permission.
 * @throws plain Error where the content has metadata of its own (validation refuses it before)
 * @see One-Time Notification guide, "Sending the follow-up message"
 */
export function buildTokenSend({ token, content, metadata }: TokenSendInput): string {
  const recipient = { one_time_notif_token: token.reveal() }
  return bodyOf({ recipient }, withMetadata(content, metadata))
}

export interface PersonSendInput {
  readonly psid: Secret
  /** Null = within the 24-hour window. */
  readonly tag: string | null
  readonly content: MessageContent
  /** @see writeMetadata */
  readonly metadata: string
}

/**
 * The body that names the person: with a message tag, or (UPDATE: of our own accord, in answer to
 * nothing) within the 24-hour window.
 * @throws as `buildTokenSend`
 */
export function buildPersonSend({ psid, tag, content, metadata }: PersonSendInput): string {
  const recipient = { id: psid.reveal() }
  const type = tag === null ? { messaging_type: 'UPDATE' } : { messaging_type: 'MESSAGE_TAG', tag }
  return bodyOf({ recipient, ...type }, withMetadata(content, metadata))
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
  const message = JSON.stringify({ attachment: { type: 'template', payload: template } })
  return bodyOf({ recipient }, withMetadata(message, metadata))
}

/** The message as the last member of the request. */
function bodyOf(head: Readonly<Record<string, Json>>, message: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"message":${message}}`
}

/** Our metadata as the last member; whatever stands before it stays as it was written. */
function withMetadata(content: MessageContent, metadata: string): string {
  const message: unknown = JSON.parse(content)
  const isObject = typeof message === 'object' && message !== null && !Array.isArray(message)
  invariant(isObject && Object.keys(message).length > 0, 'a message is an object with members')
  invariant(!Object.hasOwn(message, 'metadata'), 'the content of a message has no metadata')
  const open = content.slice(0, content.lastIndexOf('}'))
  return `${open},"metadata":${JSON.stringify(metadata)}}`
}
