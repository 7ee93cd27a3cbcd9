/** What a rule set says of one command, in a world as it was when the command was decided. */
import type { Notify, ReasonCode, RequestOptIn } from '@otn/contracts'
import {
  evaluate,
  type NotifySituation,
  notifyRules,
  type RequestSituation,
  type RuleSet,
  readMessage,
  requestRules,
} from '@otn/policy'
import type { Decision, ShadowRules } from './shadow-rules.ts'
import type { PersonAt, ShadowWorld, TokenOfPerson } from './shadow-world.ts'

export type ShadowCommand =
  | { readonly kind: 'notify'; readonly value: Notify }
  | { readonly kind: 'request'; readonly value: RequestOptIn }

export interface Occasion {
  readonly world: ShadowWorld
  readonly rules: ShadowRules
  /** Business clock at which it was decided. */
  readonly nowMs: number
  /** Whom the log says it is about; null where nobody knows. */
  readonly person: string | null
}

export function decide(command: ShadowCommand, occasion: Occasion): Decision {
  return command.kind === 'notify'
    ? decideNotify(command.value, occasion)
    : decideRequest(command.value, occasion)
}

function decideNotify(notify: Notify, { world, rules, nowMs, person }: Occasion): Decision {
  const { pageId, tokenId = null, topic = null } = notify
  const at: PersonAt = { pageId, person }
  const windowOpenUntil = person === null ? null : world.windowOpenUntil(at)
  const isOpen = windowOpenUntil !== null && nowMs < windowOpenUntil
  const route = routeOf(notify, { isOpen, rules })
  const chosen = route === 'TOKEN' ? chooseToken({ world, at, tokenId, topic, nowMs }) : NO_TOKEN
  const account = person === null ? ('unlinked' as const) : ('linked' as const)
  const situation: NotifySituation = {
    ...{ notify, nowMs, settings: rules.notify, standing: world.standingOf(pageId) },
    message: typeof notify.message === 'string' ? readMessage(notify.message) : null,
    world: { windowOpenUntil, route, tokenFault: chosen.fault, tokenDetail: null, account },
  }
  const refusal = refusalOf(notifyRules, { situation, rules })
  const spent = { route, tokenId: chosen.token?.tokenId ?? null }
  if (refusal !== null) return { outcome: 'refuse', ...refusal, route, tokenId: null }
  const isStopped = route !== 'TOKEN' && world.isWithdrawnSince({ ...at, topic })
  const reason = 'token-withdrawn'
  if (isStopped) return { outcome: 'refuse', reason, rule: null, route, tokenId: null }
  return { outcome: 'send', reason: null, rule: null, ...spent }
}

function decideRequest(request: RequestOptIn, { world, rules, nowMs, person }: Occasion): Decision {
  const { pageId, tokenId = null, topic = null, title = null } = request
  const at: PersonAt = { pageId, person }
  const paying = tokenId === null ? null : world.tokenOf(tokenId, pageId, nowMs)
  const fault = tokenId === null ? null : paying === null ? 'token-unknown' : paying.fault
  const tokens = person === null ? [] : world.tokensOf(at, nowMs)
  const { openMs, periodMs } = rules.request
  const asked = person === null ? [] : world.askedSince(at, nowMs - openMs)
  const lastGrant = Math.max(
    ...[
      Number.NEGATIVE_INFINITY,
      ...tokens.flatMap((one) => (one.topic === topic ? [one.grantedAt] : [])),
    ],
  )
  const open = asked.filter((one) => one.topic === topic && lastGrant < one.at - SKEW_MS)
  const inSameWords = asked.filter((one) => one.title !== null && one.title === title)
  const situation: RequestSituation = {
    ...{ request, settings: rules.request, page: 'connected' },
    world: {
      ...{ nowMs, windowOpenUntil: person === null ? null : world.windowOpenUntil(at) },
      withdrewAt: world.withdrewAt(at, topic),
      holdsLiveToken:
        tokenId === null && tokens.some((one) => one.topic === topic && one.fault === null),
      tokenFault: fault as ReasonCode | null,
      ...{ openSince: latestOf(open), sameTitleAt: latestOf(inSameWords) },
      askedPerson: person === null ? 0 : world.askedSince(at, nowMs - periodMs).length,
      askedPage: world.askedSince({ pageId, person: null }, nowMs - periodMs).length,
    },
  }
  const refusal = refusalOf(requestRules, { situation, rules })
  const route = tokenId === null ? ('WINDOW' as const) : ('TOKEN' as const)
  if (refusal !== null) return { outcome: 'refuse', ...refusal, route, tokenId: null }
  return { outcome: 'send', reason: null, rule: null, route, tokenId }
}

const latestOf = (asked: readonly { readonly at: number }[]): number | null =>
  asked.length === 0 ? null : Math.max(...asked.map(({ at }) => at))

/** Clocks of the platform and ours may differ by so much. */
const SKEW_MS = 60_000

interface Judging<Situation> {
  readonly situation: Situation
  readonly rules: ShadowRules
}

function refusalOf<Situation>(
  { name, rules: all }: RuleSet<Situation>,
  { situation, rules: { without } }: Judging<Situation>,
): { readonly reason: string; readonly rule: string } | null {
  const rules = all.filter(({ id }) => !without.has(id))
  const { refusal } = evaluate({ name, rules }, situation)
  return refusal && { reason: refusal.reason, rule: refusal.rule }
}

function routeOf(
  { route, psid }: Notify,
  { isOpen, rules }: { readonly isOpen: boolean; readonly rules: ShadowRules },
): Decision['route'] {
  if (route === 'WINDOW' || route === 'TAG') return route
  const mayGoFree = psid && isOpen && !rules.notify.routesOff.includes('WINDOW')
  return route === 'AUTO' && mayGoFree ? 'WINDOW' : 'TOKEN'
}

interface Choosing {
  readonly world: ShadowWorld
  readonly at: PersonAt
  readonly tokenId: string | null
  readonly topic: string | null
  readonly nowMs: number
}

interface Chosen {
  readonly token: TokenOfPerson | null
  readonly fault: ReasonCode | null
}

const NO_TOKEN: Chosen = { token: null, fault: null }

function chooseToken({ world, at, tokenId, topic, nowMs }: Choosing): Chosen {
  if (tokenId !== null) {
    const token = world.tokenOf(tokenId, at.pageId, nowMs)
    if (token === null) return faulty('token-unknown')
    if (token.topic === null) return faulty('topic-unmapped')
    if (token.topic !== topic) return faulty('topic-mismatch')
    return token.fault === null ? { token, fault: null } : faulty(token.fault)
  }
  const tokens = at.person ? world.tokensOf(at, nowMs) : []
  const agreed = tokens.filter((token) => token.topic !== null && token.topic === topic)
  const live = agreed.find(({ fault }) => fault === null)
  if (live !== undefined) return { token: live, fault: null }
  const told = TOLD_FIRST.find((reason) => agreed.some(({ fault }) => fault === reason))
  return faulty(told ?? 'no-live-token')
}

/** Of several tokens that cannot be spent, whose reason is told. */
const TOLD_FIRST = ['token-withdrawn', 'token-spent', 'token-expired', 'token-rejected']

function faulty(reason: string): Chosen {
  return { token: null, fault: reason as ReasonCode }
}
