/**
 * A Send API message as its caller wrote it. It goes out byte by byte, so whatever two readers of
 * one text could understand differently is refused: members given twice, numbers that a double
 * does not hold, halves of surrogate pairs.
 */
import { scanJson } from '@otn/kernel'
import { kindsOf, type MessageKind, messageFault } from './message-kinds.ts'
import { invalid, isMembers, type MessageFault } from './message-shape.ts'
import { textsOf } from './message-texts.ts'

/** Far above what the Send API takes, far below what a restated fact may weigh. */
const CHARACTERS_MAX = 64 * 1024
/** A deeper one exhausts the stack of whoever walks it. */
const DEPTH_MAX = 32
/** What stands between quotes, whatever is escaped in it. */
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g

export interface MessageReading {
  /** Null = the platform takes it. */
  readonly fault: MessageFault | null
  readonly kinds: readonly MessageKind[]
  /** What people read in it, and what comes back when they tap. */
  readonly texts: readonly string[]
}

/** @param text JSON of a Send API message, such as `{"text":"It is back."}` */
export function readMessage(text: string): MessageReading {
  const message = parse(text)
  if (message === null) {
    return { fault: invalid('message', 'is not JSON of an object'), kinds: [], texts: [] }
  }
  const fault = ambiguity(text, message) ?? messageFault(message)
  return { fault, kinds: kindsOf(message), texts: textsOf(message) }
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  if (text.length > CHARACTERS_MAX) return null
  if (scanJson(new TextEncoder().encode(text)).depth > DEPTH_MAX) return null
  try {
    const value: unknown = JSON.parse(text)
    return isMembers(value) ? value : null
  } catch {
    return null
  }
}

function ambiguity(text: string, message: object): MessageFault | null {
  const seen = { members: 0, isExact: true }
  look(message, seen)
  const written = text.replaceAll(STRINGS, '').split(':').length - 1
  if (written !== seen.members) return invalid('message', 'names a member twice')
  if (seen.isExact) return null
  return invalid('message', 'holds half of a surrogate pair, or a number no double holds')
}

function look(value: unknown, seen: { members: number; isExact: boolean }): void {
  if (typeof value === 'string' && !value.isWellFormed()) seen.isExact = false
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) seen.isExact = false
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) {
    const names = Object.keys(value)
    seen.members += names.length
    for (const name of names) look(name, seen)
  }
  for (const member of Object.values(value)) look(member, seen)
}
