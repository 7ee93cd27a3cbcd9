/** How a notification goes out now, by what its command, the page and the ledger say. */
import type { Notify, ReasonCode } from '@otn/contracts'
import { DAY_MS } from '@otn/kernel'
import { type NotifyWorld, type TakenRoute, tagOpenUntil, type Verdict } from '@otn/policy'
import { chooseTokens, type LedgerAnswer } from '../domain/choose-token.ts'
import type { StoredCommand } from '../domain/document.ts'
import { judgeNotifyAll, type PageToJudge } from '../domain/judge-notify.ts'
import { routeTaken } from '../domain/route.ts'
import { threadGuard } from '../domain/thread.ts'
import type { DuePorts, Threads } from '../ports.ts'
import type { Choice } from './choose-for-request.ts'

/** With the way that was chosen, and what each rule said of it. */
export type NotifyChoice = Choice & {
  readonly route: TakenRoute
  readonly verdicts: readonly Verdict[]
}

export interface Notifying {
  readonly document: Pick<StoredCommand, 'command'>
  readonly notify: Notify
  readonly answer: LedgerAnswer
  readonly page: PageToJudge
}

type Ports = Pick<DuePorts, 'notifying' | 'clock'> & {
  readonly threads: Pick<Threads, 'settings'>
}

export function chooseForNotify(ports: Ports, notifying: Notifying): NotifyChoice {
  const { notify, answer, page, document } = notifying
  const { notifying: settings, clock } = ports
  const { windowOpenUntil } = answer
  const nowMs = clock.nowMs()
  const { routesOff } = settings
  const { command } = document
  const route = routeTaken(notify, { command, windowOpenUntil, nowMs, routesOff })
  const spending = route === 'TOKEN' ? chooseTokens({ notify, pinned: null, answer, nowMs }) : null
  const refused = spending?.kind === 'refuse' ? spending : null
  const faults = {
    tokenFault: refused?.reason ?? null,
    tokenDetail: refused?.ruling?.detail ?? null,
  }
  const account = accountIn(notifying)
  const threadElsewhere = threadGuard(answer.thread, ports.threads.settings, nowMs)
  const world = { windowOpenUntil, route, ...faults, account, threadElsewhere }
  const { refusal, advice, verdicts } = judgeNotifyAll(notify, { settings, nowMs, page, world })
  const told = { route, verdicts }
  if (refusal !== null) return { kind: 'refuse', ...refusal, ...told }
  const tokens = spending?.kind === 'spend' ? spending.tokens : [null]
  return {
    ...{ kind: 'spend', tokens, advice, ...told },
    // A window that opened meanwhile would spare the token; whom an account names may be over.
    mustBeFresh: (notify.route === 'AUTO' && route === 'TOKEN') || account !== undefined,
    lastLook: route === 'TOKEN' ? null : async () => lastLook(ports, notifying, route),
    actedAt: windowOpenUntil === null ? 0 : windowOpenUntil - DAY_MS,
  }
}

/** A command that was tried goes to whom it was tried for, or to nobody. */
function accountIn({ notify, answer, document }: Notifying): NotifyWorld['account'] {
  if (!notify.externalUserId) return undefined
  if (answer.person === null) return 'unlinked'
  const { person } = document.command
  return person === null || person === answer.person ? 'linked' : 'moved'
}

/** Once more with the claim in hand: time went by. */
function lastLook(
  { clock, notifying }: Ports,
  { notify, answer: { windowOpenUntil } }: Notifying,
  route: TakenRoute,
): ReasonCode | null {
  const nowMs = clock.nowMs()
  const until = route === 'TAG' ? tagOpenUntil(notify.tag ?? '', windowOpenUntil) : windowOpenUntil
  if (nowMs < (until ?? 0)) return null
  if (route === 'TAG') return 'tag-window-closed'
  const isLeftToPlatform = notify.route === 'WINDOW' && notifying.windowGuard === 'flag'
  return isLeftToPlatform ? null : 'window-closed'
}
