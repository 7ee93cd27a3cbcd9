import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { setting } from '@otn/runtime'
import type { ThreadSettings } from './domain/thread.ts'

/** What becomes of commands while another app owns the thread with their person. */
export const threadSettings = {
  threadOwned: setting.choice({
    env: 'DISPATCHER_THREAD_OWNED',
    of: ['wait', 'request-control', 'refuse'],
    default: 'wait',
    sentence:
      'A command whose thread another app owns: waits, asks that app once and waits, or fails.',
  }),
  threadControlMs: setting.milliseconds({
    env: 'DISPATCHER_THREAD_CONTROL_MS',
    min: MINUTE_MS,
    max: 7 * DAY_MS,
    default: String(24 * HOUR_MS),
    sentence:
      'How long the log is believed that another app owns a thread; then the platform is asked.',
  }),
} as const

export function threadSettingsOf(values: {
  readonly appId: string
  readonly threadOwned: ThreadSettings['policy']
  readonly threadControlMs: number
}): ThreadSettings {
  const { appId, threadOwned: policy, threadControlMs: controlMs } = values
  return { appId, policy, controlMs }
}
