/** How a list of topic rules stands in one field of a flat record, as JSON, and is read again. */
import type { TopicRuleFields } from './topic-rules.ts'

/** The text of a list of rules: the same list gives the same text. */
export function writeTopicRules(rules: readonly TopicRuleFields[]): string {
  return JSON.stringify(
    rules.map(({ ruleId, ruleKind, pattern, topic, priority }) => ({
      ruleId,
      ruleKind,
      pattern,
      topic,
      priority,
    })),
  )
}

/** Null where the text is no list of rules: nobody can say what was meant. Never throws. */
export function readTopicRules(text: string): readonly TopicRuleFields[] | null {
  const list = parsed(text)
  if (!Array.isArray(list)) return null
  const rules = list.map(ruleOf)
  return rules.every((rule) => rule !== null) ? rules : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function ruleOf(entry: unknown): TopicRuleFields | null {
  if (typeof entry !== 'object' || entry === null) return null
  const { ruleId, ruleKind, pattern, topic, priority } = entry as Record<string, unknown>
  if (typeof ruleId !== 'string' || typeof ruleKind !== 'string') return null
  return {
    ruleId,
    ruleKind,
    pattern: typeof pattern === 'string' ? pattern : null,
    topic: typeof topic === 'string' ? topic : null,
    priority: typeof priority === 'number' ? priority : null,
  }
}
