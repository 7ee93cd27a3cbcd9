import { readMessage } from '@otn/policy'
import type { CommandContent } from './command-content.ts'

/**
 * Which of a page's ceilings a call counts for: the platform takes far fewer with audio or video.
 * A template may carry a video as well, so it counts as one.
 */
export type PaceKind = 'text' | 'media'

export function paceKindOf(content: CommandContent): PaceKind {
  const message = content.asks ? null : content.message
  if (typeof message !== 'string') return 'text'
  const { kinds } = readMessage(message)
  return kinds.some((kind) => SLOW.has(kind)) ? 'media' : 'text'
}

const SLOW: ReadonlySet<string> = new Set(['audio', 'video', 'media'])
