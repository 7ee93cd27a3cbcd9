/** How long a page needs for so many messages, at the pace that the platform allows it. */
import type { Notify } from '@otn/contracts'
import { readMessage } from '@otn/policy'

/** Calls a second of one page: of text, and of audio and video (the platform's rate limits). */
const TEXT_PER_SECOND = 300
const MEDIA_PER_SECOND = 10

export function secondsFor(persons: number, { message = null }: Pick<Notify, 'message'>): number {
  const kinds = message === null ? [] : readMessage(message).kinds
  const isSlow = kinds.includes('audio') || kinds.includes('video')
  return Math.ceil(persons / (isSlow ? MEDIA_PER_SECOND : TEXT_PER_SECOND))
}
