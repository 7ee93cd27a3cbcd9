/** Who may write in a thread that several apps of a page share. Pure. */
import type { Strictness } from '@otn/policy'
import type { Command } from './command.ts'

/** The app that owns a thread, as the log last said. */
export interface ThreadOwner {
  readonly appId: string
  /** When it came to own it, ms since the epoch. */
  readonly since: number
}

export interface ThreadSettings {
  /** Our own app. */
  readonly appId: string
  /** What becomes of a command while another app owns the thread. */
  readonly policy: 'wait' | 'request-control' | 'refuse'
  /**
   * How long what the log says is believed, ms: control ends without any webhook, and then the
   * platform alone knows.
   */
  readonly controlMs: number
}

type Said = ThreadOwner | null | undefined

/** Whether another app owns the thread, as far as the log is to be believed. */
export function isOwnedElsewhere(
  thread: Said,
  { appId, controlMs }: ThreadSettings,
  nowMs: number,
): boolean {
  if (!thread || thread.appId === appId) return false
  return nowMs < thread.since + controlMs
}

/** What the rules make of it; null = nothing stands in the way. */
export function threadGuard(
  thread: Said,
  settings: ThreadSettings,
  nowMs: number,
): Strictness | null {
  if (!isOwnedElsewhere(thread, settings, nowMs)) return null
  return settings.policy === 'refuse' ? 'refuse' : 'flag'
}

/** How often the platform refused the command because of the thread: each next look is later. */
export function threadRefusals({ attempts }: Pick<Command, 'attempts'>): number {
  return attempts.filter(isThreadRefusal).length
}

/** Whether that is what the last call came to. */
export function wasThreadRefused({ attempts }: Pick<Command, 'attempts'>): boolean {
  const last = attempts.at(-1)
  return last !== undefined && isThreadRefusal(last)
}

function isThreadRefusal({ reason }: Command['attempts'][number]): boolean {
  return reason === 'thread-owned-elsewhere'
}

/** Whether the owner was asked for control; each command asks once. */
export function wasControlRequested({ waits }: Pick<Command, 'waits'>): boolean {
  return waits.some(({ reason }) => reason === 'thread-control-requested')
}
