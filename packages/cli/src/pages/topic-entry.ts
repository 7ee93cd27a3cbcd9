/** A topic of a page and the rules that name it, as people write them down. */
import { isTopic } from '@otn/kernel'
import type { TopicRuleFields } from '@otn/policy'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { z } from 'zod'
import { invalid, reportRepeats } from './faults.ts'

const PATTERN_CHARACTERS_MAX = 512
/** Every foreign payload may be asked by each of them before a webhook is answered. */
const RULES_MAX = 200
/** At 50 ms each in the worst case they stay within what a webhook may take. */
const REGEXPS_MAX = 50
const NOTIFIERS_MAX = 50

export const topicName = z
  .string('a topic')
  .refine(isTopic, 'a topic: 1 to 64 of a-z 0-9 . _ -, a letter or digit first')

export const line = (max: number) =>
  z
    .string(`a text of 1 to ${max} characters`)
    .min(1, 'a text')
    .max(max, `at most ${max} characters`)

export interface DeclaredTopic {
  readonly topic: string
  readonly name?: string | undefined
  readonly purpose?: string | undefined
  readonly category?: string | undefined
  /** Whose commands may notify on it, by their `requestedBy`; left out = anyone's. */
  readonly mayNotify?: readonly string[] | undefined
}

const mayNotify = z
  .array(line(128), 'a list of names as commands carry them in requestedBy')
  .min(1, 'at least one name; leave it out for anyone')
  .max(NOTIFIERS_MAX, `at most ${NOTIFIERS_MAX} names`)
  .readonly()

export const topicObject = z.strictObject({
  topic: topicName,
  name: line(200).optional(),
  purpose: line(1000).optional(),
  category: line(200).optional(),
  mayNotify: mayNotify.optional(),
})

const ruleId = z
  .string('a name')
  .regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 . _ -')
  .refine((id) => id !== 'otn1', 'another name: otn1 is the rule of our own payloads')
const priority = z.int('a whole number').min(0, '0 or more').max(1_000_000, 'at most 1000000')
const pattern = line(PATTERN_CHARACTERS_MAX)
const compared = { ruleId, priority: priority.optional(), pattern, topic: topicName }
const REGEXP =
  'a regular expression in RE2 syntax, without back-references, look-around or hundreds of repeats'

const ruleSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('exact'), ...compared }),
    z.strictObject({ kind: z.literal('prefix'), ...compared }),
    z.strictObject({
      kind: z.literal('regexp'),
      ...compared,
      pattern: pattern.refine((text) => compilePattern(text) !== null, REGEXP),
    }),
    z.strictObject({ kind: z.literal('identity'), ruleId, priority: priority.optional() }),
  ],
  'one of exact, prefix, regexp, identity',
)

export const rulesSchema = z
  .array(ruleSchema, 'a list of rules: [{ ruleId, kind, pattern, topic, priority }]')
  .max(RULES_MAX, `at most ${RULES_MAX} rules`)
  .refine(
    (rules) => rules.filter(({ kind }) => kind === 'regexp').length <= REGEXPS_MAX,
    `at most ${REGEXPS_MAX} regular expressions among them`,
  )
  .superRefine((rules, context) => {
    reportRepeats(
      rules.map((rule) => rule.ruleId),
      (index) => [index, 'ruleId'],
      context,
    )
  })

export type TopicRuleEntry = z.output<typeof ruleSchema>

/** Checks the rules of a page. @throws OTN_CONFIG_INVALID with every fault at once */
export function readRules(content: unknown): readonly TopicRuleFields[] {
  const parsed = rulesSchema.safeParse(content, { reportInput: true })
  if (parsed.success) return parsed.data.map(ruleFields)
  throw invalid('rules', parsed.error)
}

/** Checks one topic. @throws OTN_CONFIG_INVALID with every fault at once */
export function readTopic(content: unknown): DeclaredTopic {
  const parsed = topicObject.safeParse(content, { reportInput: true })
  if (parsed.success) return parsed.data
  throw invalid('topic', parsed.error)
}

/** A rule as the log tells it. */
export function ruleFields(rule: TopicRuleEntry): TopicRuleFields {
  const isIdentity = rule.kind === 'identity'
  return {
    ruleId: rule.ruleId,
    ruleKind: rule.kind,
    pattern: isIdentity ? null : rule.pattern,
    topic: isIdentity ? null : rule.topic,
    priority: rule.priority ?? null,
  }
}
