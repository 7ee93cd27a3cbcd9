/** The rules of a notification, asked as soon as what they look at is known. */
import type { Notify } from '@otn/contracts'
import {
  evaluate,
  type NotifySettings,
  type NotifySituation,
  type NotifyWorld,
  notifyRules,
  readMessage,
} from '@otn/policy'
import { type Judgement, judgementOf } from './judgement.ts'
import type { StandingOfCommand } from './page.ts'

/** A page as far as the rules of notifications care. */
export interface PageToJudge {
  readonly standing: StandingOfCommand
  readonly isWarned: boolean
}

export interface Surroundings {
  readonly settings: NotifySettings
  readonly nowMs: number
  readonly page: PageToJudge
}

const UNASKED = { nowMs: null, standing: null, world: null } as const

/** What the command's own words come to: refused so, it is refused for good. */
export function judgeNotifyWords(notify: Notify, settings: NotifySettings): Judgement {
  return judge(notify, { ...UNASKED, settings })
}

/** The command's words, the clock and the page: nobody else was asked yet. */
export function judgeNotifyPage(
  notify: Notify,
  { settings, nowMs, page }: Surroundings,
): Judgement {
  return judge(notify, { settings, nowMs, standing: standingOf(page), world: null })
}

/** All rules: page and ledger were asked. */
export function judgeNotifyAll(
  notify: Notify,
  { settings, nowMs, page, world }: Surroundings & { readonly world: NotifyWorld },
): Judgement {
  return judge(notify, { settings, nowMs, standing: standingOf(page), world })
}

function judge(notify: Notify, known: Omit<NotifySituation, 'notify' | 'message'>): Judgement {
  const message = typeof notify.message === 'string' ? readMessage(notify.message) : null
  return judgementOf(evaluate(notifyRules, { notify, message, ...known }))
}

function standingOf({ standing, isWarned }: PageToJudge): NotifySituation['standing'] {
  if (standing === 'page-blocked') return 'blocked'
  if (NO_STANDING.has(standing)) return null
  return isWarned ? 'warned' : 'good'
}

/** Of these the rules need not speak: the command waits, or ends by another word. */
const NO_STANDING: ReadonlySet<StandingOfCommand> = new Set([
  'behind',
  'unknown',
  'disconnected',
  'requester-not-allowed',
])
