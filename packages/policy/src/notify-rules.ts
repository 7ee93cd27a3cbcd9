/**
 * Whether a person may be sent a message, in the order in which it is asked: whom the command
 * names, what it brings, by which route, about what; then what page, clock and ledger say.
 */
import { DAY_MS } from '@otn/kernel'
import { contentGuard } from './content-guard.ts'
import { messageTags } from './message-tags.ts'
import type { NotifySituation, NotifyWords } from './notify-situation.ts'
import { type NotifyRule, notifyWords } from './notify-words.ts'
import { isGiven } from './recipient.ts'
import { routes } from './route.ts'
import { type RuleSet, refusedIf } from './rule.ts'
import { sources } from './sources.ts'
import { threadFinding, threadRule } from './thread-rule.ts'

const { recipientRules, contentRules, topicRules, timeRules, FIX } = notifyWords
const BY_PERSON: ReadonlySet<string> = new Set(['WINDOW', 'TAG'])

const ACCOUNT_STATES = {
  linked: null,
  unlinked: 'now',
  moved: 'as when the command was first tried: the account went to somebody else',
} as const

const routeOf = ({ route }: NotifyWords): string => route ?? 'TOKEN'
const namesPerson = ({ psid, externalUserId }: NotifyWords) =>
  isGiven(psid) || isGiven(externalUserId)
const tagOf = ({ tag }: NotifyWords) => messageTags.get(tag ?? '') ?? null

const routeRules: readonly NotifyRule[] = [
  {
    id: 'notify-route-known',
    version: 1,
    source: sources['S1-38'],
    reason: 'route-unknown',
    text: `route is none of ${routes.join(', ')}`,
    next: FIX,
    judge: ({ notify }) => refusedIf(!routes.some((route) => route === routeOf(notify))),
  },
  {
    id: 'notify-route-off',
    version: 1,
    source: sources['S1-38'],
    reason: 'route-disabled',
    text: 'the route {route} is switched off here',
    next: 'Use another route, or take it out of DISPATCHER_ROUTES_OFF.',
    judge: ({ notify, world, settings: { routesOff } }) => {
      const asked = [world?.route, routeOf(notify)]
      const route = routesOff.find((off) => asked.includes(off))
      return route === undefined ? null : { kind: 'refuse', facts: { route } }
    },
  },
  {
    id: 'notify-route-recipient',
    version: 2,
    source: sources['S1-38'],
    reason: 'recipient-contradicts-route',
    text: 'the routes WINDOW and TAG name the person by psid or externalUserId',
    next: FIX,
    judge: ({ notify }) => refusedIf(BY_PERSON.has(routeOf(notify)) && !namesPerson(notify)),
  },
  {
    id: 'notify-tag-route',
    version: 1,
    source: sources['S1-31'],
    reason: 'tag-contradicts-route',
    text: 'a tag is given; only route TAG takes one',
    next: FIX,
    judge: ({ notify }) => refusedIf(isGiven(notify.tag) && routeOf(notify) !== 'TAG'),
  },
]

const tagRules: readonly NotifyRule[] = [
  {
    id: 'notify-tag-missing',
    version: 1,
    source: sources['S1-37'],
    reason: 'tag-missing',
    text: 'route TAG needs a tag',
    next: FIX,
    judge: ({ notify }) => refusedIf(routeOf(notify) === 'TAG' && !isGiven(notify.tag)),
  },
  {
    id: 'notify-tag-known',
    version: 1,
    source: sources['S1-37'],
    reason: 'tag-unknown',
    text: `tag is none of ${[...messageTags.keys()].join(', ')}`,
    next: FIX,
    judge: ({ notify }) => refusedIf(isGiven(notify.tag) && tagOf(notify) === null),
  },
  {
    id: 'notify-tag-allowed',
    version: 1,
    source: sources['S1-39'],
    reason: 'tag-not-allowed',
    text: 'the page may not use this tag',
    next: 'Have the tag granted to the page, then name it in DISPATCHER_TAGS.',
    judge: ({ notify, settings }) => {
      const isAllowed = settings.tags.some(
        ({ tag, pageId }) => tag === notify.tag && (pageId ?? notify.pageId) === notify.pageId,
      )
      return refusedIf(isGiven(notify.tag) && !isAllowed)
    },
  },
  {
    id: 'notify-tag-content',
    version: 1,
    source: sources['S1-39'],
    reason: 'tag-content-mismatch',
    text: 'the tag is for the template {template} alone, which does not go out here',
    next: 'Use another tag, or another route.',
    judge: ({ notify }) => {
      const template = tagOf(notify)?.template ?? null
      return template === null ? null : { kind: 'refuse', facts: { template } }
    },
  },
]

const pageRules: readonly NotifyRule[] = [
  {
    id: 'notify-tag-retired',
    version: 1,
    source: sources['S1-37'],
    reason: 'tag-retired',
    text: 'the platform takes the tag no more since {since}',
    next: 'Use a token, or a tag that still stands.',
    judge: ({ notify, nowMs }) => {
      const retiredAt = tagOf(notify)?.retiredAt ?? null
      if (retiredAt === null) return null
      if (nowMs === null) return 'unasked'
      const since = new Date(retiredAt).toISOString().slice(0, 10)
      return nowMs < retiredAt ? null : { kind: 'refuse', facts: { since } }
    },
  },
  {
    id: 'notify-tag-standing',
    version: 1,
    source: sources['S1-39'],
    reason: 'page-blocked',
    text: 'the platform has {standing} the page, and a tag counts in good standing only',
    next: 'See the page support inbox; what is published afterwards goes out.',
    judge: ({ notify, standing }) => {
      if (routeOf(notify) !== 'TAG' || standing === 'good') return null
      if (standing === null) return 'unasked'
      return { kind: standing === 'blocked' ? 'refuse' : 'flag', facts: { standing } }
    },
  },
]

const worldRules: readonly NotifyRule[] = [
  {
    id: 'notify-external-user',
    version: 2,
    source: sources['S1-12'],
    reason: 'external-user-unknown',
    text: 'no account link of the page names this user {state}',
    next: 'Have the person link the account, or name them by psid.',
    judge: ({ notify, world }) => {
      if (!isGiven(notify.externalUserId)) return null
      if (world === null) return 'unasked'
      const state = ACCOUNT_STATES[world.account ?? 'unlinked']
      return state === null ? null : { kind: 'refuse', facts: { state } }
    },
  },
  {
    id: 'notify-window-open',
    version: 1,
    source: sources['S1-38'],
    reason: 'window-closed',
    text: 'the 24-hour window of the person is closed ({state})',
    next: 'Use a token: route TOKEN or AUTO.',
    judge: ({ notify, nowMs, world, settings }) => {
      if (routeOf(notify) !== 'WINDOW') return null
      if (world === null || nowMs === null) return 'unasked'
      const { windowOpenUntil: until } = world
      if (until !== null && nowMs < until) return null
      const state = until === null ? 'never opened' : `closed at ${new Date(until).toISOString()}`
      return { kind: settings.windowGuard, facts: { state } }
    },
  },
  {
    id: 'notify-tag-reach',
    version: 1,
    source: sources['S1-39'],
    reason: 'tag-window-closed',
    text: 'the tag reaches people for {days} days after they last acted ({state})',
    next: 'Use a token, or wait until the person writes.',
    judge: ({ notify, nowMs, world }) => {
      const reachMs = tagOf(notify)?.reachMs ?? null
      if (reachMs === null) return null
      if (world === null || nowMs === null) return 'unasked'
      const until = tagOpenUntil(notify.tag ?? '', world.windowOpenUntil)
      if (until !== null && nowMs < until) return null
      const state = until === null ? 'never' : `until ${new Date(until).toISOString()}`
      return { kind: 'refuse', facts: { days: reachMs / DAY_MS, state } }
    },
  },
  {
    id: 'notify-consent',
    version: 2,
    source: sources['S0-02'],
    reason: 'no-live-token',
    text: 'no token can be spent for this topic: {fault}',
    next: 'Ask the person for consent.',
    judge: ({ world }) => {
      if (world === null) return 'unasked'
      const { tokenFault: reason, tokenDetail } = world
      return reason && { kind: 'refuse', reason, facts: { fault: tokenDetail ?? reason } }
    },
  },
  {
    ...threadRule,
    id: 'notify-thread-owner',
    judge: ({ world }) => (world === null ? 'unasked' : threadFinding(world)),
  },
]

/** Every rule of a notification. */
export const notifyRules: RuleSet<NotifySituation> = {
  name: 'notify',
  rules: [
    ...[...recipientRules, ...contentRules, ...contentGuard],
    ...[...routeRules, ...tagRules, ...topicRules, ...timeRules],
    ...[...pageRules, ...worldRules],
  ],
}

/**
 * Until when a tag reaches a person; null = never, `Infinity` = at any time.
 * @param windowOpenUntil end of the person's 24-hour window, which the same act of theirs opened
 */
export function tagOpenUntil(tag: string, windowOpenUntil: number | null): number | null {
  const reachMs = messageTags.get(tag)?.reachMs
  if (reachMs === undefined) return null
  if (reachMs === null) return Number.POSITIVE_INFINITY
  return windowOpenUntil === null ? null : windowOpenUntil - DAY_MS + reachMs
}
