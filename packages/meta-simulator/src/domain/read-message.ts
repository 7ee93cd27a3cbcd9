import { checkLength, checkText, firstFault } from './check-length.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { invalid, type Refused } from './judgement.ts'
import { checkTemplate } from './read-template.ts'
import type { Switches } from './switches.ts'

/** "less than 2000 characters" of the Send API page. */
const TEXT_CHARACTERS_MAX = 1999
/** "less than 1000 characters" of the Send API page. */
const METADATA_CHARACTERS_MAX = 999
const QUICK_REPLIES_MAX = 13
const REPLY_TITLE_MAX = 20
const REPLY_PAYLOAD_MAX = 1000

const ATTACHMENT_TYPES = new Set(['image', 'audio', 'video', 'file', 'template'])
const REPLY_KINDS = new Set(['text', 'user_phone_number', 'user_email'])

export interface Message {
  readonly content: JsonObject
}

/** Checks `message` as the Send API does before it looks at any recipient. */
export function readMessage(value: unknown, switches: Switches): Message | Refused {
  if (!isJsonObject(value)) return invalid('param message must be an object.')
  const { text, attachment, metadata, quick_replies: replies } = value
  if (text === undefined && attachment === undefined) return { situation: 'message-empty' }
  if (text !== undefined && attachment !== undefined) {
    return invalid('Only one of text and attachment may be set.')
  }
  const max = METADATA_CHARACTERS_MAX
  return (
    (text === undefined ? null : checkMessageText(text, switches)) ??
    (attachment === undefined ? null : checkAttachment(attachment, switches)) ??
    checkLength('message[metadata]', { value: metadata, max }, switches) ??
    checkQuickReplies(replies, switches) ?? { content: value }
  )
}

function checkMessageText(text: unknown, switches: Switches): Refused | null {
  if (text === '') return { situation: 'message-empty' }
  return checkLength('message[text]', { value: text, max: TEXT_CHARACTERS_MAX }, switches)
}

function checkAttachment(value: unknown, switches: Switches): Refused | null {
  if (!isJsonObject(value)) return invalid('param message[attachment] must be an object.')
  const { type, payload } = value
  if (typeof type !== 'string' || !ATTACHMENT_TYPES.has(type)) {
    return invalid('param message[attachment][type] must be image, audio, video, file or template.')
  }
  if (!isJsonObject(payload)) return invalid('param message[attachment][payload] is required.')
  if (type === 'template') return checkTemplate(payload, switches)
  if (typeof payload.url === 'string' || typeof payload.attachment_id === 'string') return null
  return invalid('param message[attachment][payload] needs url or attachment_id.')
}

function checkQuickReplies(value: unknown, switches: Switches): Refused | null {
  if (value === undefined) return null
  if (!Array.isArray(value)) return invalid('param message[quick_replies] must be an array.')
  if (value.length > QUICK_REPLIES_MAX) {
    return invalid(`param message[quick_replies] has more than ${QUICK_REPLIES_MAX} items.`)
  }
  return firstFault(value.map((reply: unknown) => checkQuickReply(reply, switches)))
}

/** Phone numbers and addresses are filled in by Meta, so those kinds bring no words. */
function checkQuickReply(reply: unknown, switches: Switches): Refused | null {
  if (!isJsonObject(reply)) return invalid('param message[quick_replies] must hold objects.')
  const { content_type: kind, title, payload } = reply
  if (typeof kind !== 'string' || !REPLY_KINDS.has(kind)) {
    return invalid('param quick_replies[content_type] must be text, user_phone_number, user_email.')
  }
  if (kind !== 'text') return null
  return (
    checkText('quick_replies[title]', { value: title, max: REPLY_TITLE_MAX }, switches) ??
    checkLength('quick_replies[payload]', { value: payload, max: REPLY_PAYLOAD_MAX }, switches)
  )
}
