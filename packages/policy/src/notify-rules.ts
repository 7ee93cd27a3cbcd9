/**
 * Whether a person may be sent a message, in the order in which it is asked: whom the command
 * names, what it brings, by which route, about what.
 */
import type { NotifySituation } from './notify-situation.ts'
import { type NotifyRule, notifyWords, refusedIf } from './notify-words.ts'
import { isGiven } from './recipient.ts'
import type { RuleSet } from './rule.ts'
import { sources } from './sources.ts'

const ROUTES: ReadonlySet<string> = new Set(['TOKEN', 'WINDOW', 'TAG', 'AUTO'])
const { recipientRules, contentRules, topicRules, FIX } = notifyWords

const routeRules: readonly NotifyRule[] = [
  {
    id: 'notify-route-known',
    version: 1,
    source: sources['S1-38'],
    reason: 'route-unknown',
    text: 'route is none of TOKEN, WINDOW, TAG, AUTO',
    next: FIX,
    judge: ({ notify: { route } }) => refusedIf(!ROUTES.has(route ?? 'TOKEN')),
  },
  {
    id: 'notify-tag-route',
    version: 1,
    source: sources['S1-31'],
    reason: 'tag-contradicts-route',
    text: 'a tag is given; only route TAG takes one',
    next: FIX,
    judge: ({ notify: { route, tag } }) => refusedIf(isGiven(tag) && route !== 'TAG'),
  },
  {
    id: 'notify-route-off',
    version: 1,
    source: sources['S1-38'],
    reason: 'route-disabled',
    text: 'this route is switched off here',
    next: 'Use route TOKEN.',
    judge: ({ notify: { route } }) => refusedIf((route ?? 'TOKEN') !== 'TOKEN'),
  },
]

/** Every rule of a notification. */
export const notifyRules: RuleSet<NotifySituation> = {
  name: 'notify',
  rules: [...recipientRules, ...contentRules, ...routeRules, ...topicRules],
}
