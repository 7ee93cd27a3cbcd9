import { isTopic, readPayload } from '@otn/kernel'

/** How a payload got its topic. The decision stands on the log; a later rule does not change it. */
export interface TopicNaming {
  readonly topic: string | null
  /** `otn1` for a payload of our own, else the rule's id; null where no rule matched. */
  readonly topicRule: string | null
  /** Set where a payload starts like ours but is not: then it counts as foreign. */
  readonly payloadFlag: 'malformed-envelope' | null
}

/** A topic rule of a page, ready to be asked. */
export interface TopicRule {
  readonly id: string
  readonly priority: number
  /** The topic it gives to this payload, or null. */
  readonly topicOf: (payload: string) => string | null
}

/** A rule as the log tells it (`TopicRuleSet`). */
export interface TopicRuleFields {
  readonly ruleId: string
  /** exact, prefix, regexp or identity (a payload that is itself a topic). */
  readonly ruleKind: string
  /** What a payload is compared with; null for identity. */
  readonly pattern: string | null
  readonly topic: string | null
  /** Rules are asked from the lowest number up; null = after all others. */
  readonly priority: number | null
}

/** A linear-time regular expression; null where the pattern is none. */
export type CompilePattern = (pattern: string) => ((text: string) => boolean) | null

/** Builds a rule; null where its kind is unknown or its fields cannot make one. */
export function topicRule(fields: TopicRuleFields, compile: CompilePattern): TopicRule | null {
  const topicOf = matcher(fields, compile)
  if (topicOf === null) return null
  return { id: fields.ruleId, priority: fields.priority ?? Number.POSITIVE_INFINITY, topicOf }
}

function matcher(
  { ruleKind, pattern, topic }: TopicRuleFields,
  compile: CompilePattern,
): TopicRule['topicOf'] | null {
  if (ruleKind === 'identity') return (payload) => (isTopic(payload) ? payload : null)
  if (pattern === null || topic === null || !isTopic(topic)) return null
  const matches = matchesOf(ruleKind, pattern, compile)
  return matches && ((payload) => (matches(payload) ? topic : null))
}

function matchesOf(
  ruleKind: string,
  pattern: string,
  compile: CompilePattern,
): ((payload: string) => boolean) | null {
  switch (ruleKind) {
    case 'exact':
      return (payload) => payload === pattern
    case 'prefix':
      return (payload) => payload.startsWith(pattern)
    case 'regexp':
      return compile(pattern)
    default:
      return null
  }
}

/** Lowest number first; among equals by id, so that every process decides alike. */
export function inOrder(rules: readonly TopicRule[]): readonly TopicRule[] {
  return rules.toSorted((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
}

/** Names the topic of a payload: our own envelope first, then the page's rules in their order. */
export function nameTopic(payload: string, rules: readonly TopicRule[]): TopicNaming {
  const read = readPayload(payload)
  if (read.kind === 'ours') return { topic: read.topic, topicRule: 'otn1', payloadFlag: null }
  const payloadFlag = read.kind === 'malformed' ? 'malformed-envelope' : null
  for (const rule of rules) {
    const topic = rule.topicOf(payload)
    if (topic !== null) return { topic, topicRule: rule.id, payloadFlag }
  }
  return { topic: null, topicRule: null, payloadFlag }
}
