/** A changed rule set, as people write it down: what is left out is as it is by default. */
import { DAY_MS } from '@otn/kernel'
import {
  inOrder,
  messageKinds,
  messageTags,
  notifyRules,
  requestRules,
  routes,
  topicRule,
} from '@otn/policy'
import { compilePattern } from '@otn/runtime/compile-pattern'
import type { ShadowRules } from '@otn/shadow'
import { z } from 'zod'
import { invalid } from '../pages/faults.ts'
import { ruleFields, rulesSchema } from '../pages/topic-entry.ts'

const strictness = z.enum(['refuse', 'flag'], 'refuse or flag')
const count = z.int('a whole number').min(1, '1 or more')
const ms = z.int('milliseconds, a whole number').min(1, '1 or more')
const ids = [notifyRules, requestRules].flatMap(({ rules }) => rules.map(({ id }) => id))
const tag = z.strictObject({
  tag: z.enum([...messageTags.keys()], `one of ${[...messageTags.keys()].join(', ')}`),
  pageId: z.string('a page id').nullable().default(null),
})

const fileSchema = z.strictObject(
  {
    notify: z
      .strictObject({
        kindsOff: z.array(z.enum(messageKinds, `some of ${messageKinds.join(', ')}`)),
        routesOff: z.array(z.enum(routes, `some of ${routes.join(', ')}`)),
        tags: z.array(tag),
        windowGuard: strictness,
        personalData: strictness,
        sensitiveWords: strictness,
      })
      .partial()
      .default({}),
    request: z
      .strictObject({
        ...{ personalData: strictness, sensitiveWords: strictness, chainConsent: strictness },
        ...{ personMax: count, pageMax: count, periodMs: ms, openMs: ms },
      })
      .partial()
      .default({}),
    without: z.array(z.enum(ids, 'ids of rules: pnpm otn rules list')).default([]),
    expiryMarginMs: z.int('milliseconds').min(0, '0 or more').default(DAY_MS),
    topicRules: z.record(z.string(), rulesSchema).default({}),
  },
  'an object: { notify, request, without, expiryMarginMs, topicRules }',
)

/** As the services decide where no setting says otherwise. */
const DEFAULTS = {
  notify: {
    kindsOff: [],
    routesOff: [],
    tags: [],
    windowGuard: 'refuse',
    personalData: 'flag',
    sensitiveWords: 'flag',
  },
  request: {
    personalData: 'refuse',
    sensitiveWords: 'refuse',
    chainConsent: 'flag',
    personMax: 3,
    pageMax: 10_000,
    periodMs: DAY_MS,
    openMs: 7 * DAY_MS,
  },
} as const

/** @throws OTN_CONFIG_INVALID with every fault at once */
export function readShadowRules(content: unknown): ShadowRules {
  const parsed = fileSchema.safeParse(content, { reportInput: true })
  if (!parsed.success) throw invalid('rules', parsed.error)
  const { notify, request, without, expiryMarginMs, topicRules } = parsed.data
  const named = Object.entries(topicRules).map(([page, entries]) => {
    const rules = entries.flatMap((entry) => topicRule(ruleFields(entry), compilePattern) ?? [])
    return [page, inOrder(rules)] as const
  })
  return {
    notify: { ...DEFAULTS.notify, ...given(notify) },
    request: { ...DEFAULTS.request, ...given(request) },
    ...{ without: new Set<string>(without), expiryMarginMs, topicRules: new Map(named) },
  }
}

/** What stands there; under exact optional types a member that is left out is none. */
function given<T extends object>(fields: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> }
}
