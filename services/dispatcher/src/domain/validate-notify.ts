/**
 * Whether a command can be what it claims to be. What is refused here is refused for good: no
 * state, clock or later event could make it valid.
 */
import type { Notify, ReasonCode } from '@otn/contracts'
import { type CommandId, isTopic, type Json, type PageId, scanJson } from '@otn/kernel'

const COMMAND_ID_CHARACTERS_MAX = 128
/** The Send API takes fewer than 2000 UTF-16 code units; a longer text is never split. */
const TEXT_CHARACTERS_MAX = 1999
/** Far above what the Send API takes, far below what a restated fact may weigh. */
const MESSAGE_CHARACTERS_MAX = 64 * 1024
/** A deeper one exhausts the stack of whoever walks it. */
const MESSAGE_DEPTH_MAX = 32
const PAGE_ID = /^\d{1,32}$/
/** What the ledger takes as an id of a person. */
const PSID = /^\d{1,20}$/
const TOKEN_ID = /^[0-9a-f]{32}$/
const CONTROL = /\p{Cc}/u
/** Neither space nor control nor format character, nor a letter that shows nothing. */
const VISIBLE = /[^\p{Z}\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u
const ROUTES: ReadonlySet<string> = new Set(['TOKEN', 'WINDOW', 'TAG', 'AUTO'])

type Ids = Pick<Notify, 'commandId' | 'pageId'>

/** Why a command cannot even be refused under its own id; null where it can be recorded. */
export function unusableId(ids: Ids): ReasonCode | null {
  const { commandId, pageId } = usableIds(ids)
  if (commandId === null) return 'command-id-invalid'
  return pageId === null ? 'page-id-invalid' : null
}

/** The ids that can be repeated elsewhere, whatever else is wrong. */
export function usableIds({ commandId, pageId }: Ids): {
  readonly commandId: CommandId | null
  readonly pageId: PageId | null
} {
  const { length } = commandId
  const isSized = length > 0 && length <= COMMAND_ID_CHARACTERS_MAX
  const isText = !CONTROL.test(commandId) && commandId.isWellFormed()
  return {
    commandId: isSized && isText ? commandId : null,
    pageId: PAGE_ID.test(pageId) ? pageId : null,
  }
}

/** The first rule that the command breaks, or null. */
export function validateNotify(notify: Notify): ReasonCode | null {
  return (
    recipientFault(notify) ??
    contentFault(notify) ??
    routeFault(notify) ??
    topicFault(notify.topic ?? null)
  )
}

/** A Send API message out of a valid command: the text, or the message as it was given. */
export function messageOf({ text, message }: Notify): Readonly<Record<string, Json>> {
  return message ? (readMessage(message) ?? {}) : { text: text ?? '' }
}

function recipientFault({ psid, tokenId, externalUserId }: Notify): ReasonCode | null {
  const given = [psid, tokenId, externalUserId].filter((id) => isGiven(id))
  if (given.length === 0) return 'recipient-missing'
  if (given.length > 1) return 'recipient-ambiguous'
  if (isGiven(psid)) return PSID.test(psid) ? null : 'recipient-invalid'
  if (isGiven(tokenId)) return TOKEN_ID.test(tokenId) ? null : 'recipient-invalid'
  // Account links are not resolved yet, so nobody is known by such an id.
  return 'external-user-unknown'
}

function contentFault({ text, message }: Notify): ReasonCode | null {
  if (isGiven(text) && isGiven(message)) return 'content-ambiguous'
  if (isGiven(text)) return textFault(text)
  return isGiven(message) ? messageFault(message) : 'content-missing'
}

function textFault(text: string): ReasonCode | null {
  if (!VISIBLE.test(text)) return 'text-empty'
  return text.length > TEXT_CHARACTERS_MAX ? 'text-too-long' : null
}

function messageFault(text: string): ReasonCode | null {
  const message = isReadable(text) ? readMessage(text) : null
  if (message === null) return 'message-invalid'
  // What settles doubts is ours; an echo with a stranger's metadata would prove nothing.
  if (Object.hasOwn(message, 'metadata')) return 'metadata-reserved'
  if (typeof message.text === 'string') return textFault(message.text)
  return !Object.hasOwn(message, 'text') && isObject(message.attachment) ? null : 'message-invalid'
}

function routeFault({ route, tag }: Notify): ReasonCode | null {
  const name = route ?? 'TOKEN'
  if (!ROUTES.has(name)) return 'route-unknown'
  if (isGiven(tag) && name !== 'TAG') return 'tag-contradicts-route'
  return name === 'TOKEN' ? null : 'route-disabled'
}

function topicFault(topic: string | null): ReasonCode | null {
  if (topic === null) return 'topic-missing'
  return isTopic(topic) ? null : 'topic-invalid'
}

function isReadable(text: string): boolean {
  if (text.length > MESSAGE_CHARACTERS_MAX) return false
  return scanJson(new TextEncoder().encode(text)).depth <= MESSAGE_DEPTH_MAX
}

function readMessage(text: string): Readonly<Record<string, Json>> | null {
  try {
    const value: unknown = JSON.parse(text, exactNumber)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** An id written as a long number would leave as another one. */
function exactNumber(_name: string, value: unknown): unknown {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError()
  return value
}

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
