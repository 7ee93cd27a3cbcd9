import { TOKEN_STATES, type TokenState } from './expiry.ts'
import type { DeclaredTopic, PageDocument } from './page.ts'

/** Tokens of one topic of a page in one state; topic null = no rule names it. */
export interface TopicCount {
  readonly topic: string | null
  readonly state: TokenState
  readonly tokens: number
}

export interface TopicSummary extends Omit<DeclaredTopic, 'mayNotify'> {
  readonly topic: string | null
  readonly isDeclared: boolean
  /** Null = anyone's commands may notify on it. */
  readonly mayNotify: readonly string[] | null
  readonly tokens: number
  readonly live: number
  readonly states: Readonly<Record<TokenState, number>>
}

/** Declared topics and those that tokens were given for, by name; the unnamed ones come last. */
export function topicSummaries(
  { topics }: Pick<PageDocument, 'topics'>,
  counts: readonly TopicCount[],
): readonly TopicSummary[] {
  const declared = new Map<string | null, DeclaredTopic>(
    topics.map(({ name, latest }) => [name, latest.value]),
  )
  const known = new Set([...declared.keys(), ...counts.map(({ topic }) => topic)])
  const names = [...known].filter((topic) => topic !== null).sort()
  return [...names, ...(known.has(null) ? [null] : [])].map((topic) => {
    const states = countsOf(counts.filter((count) => count.topic === topic))
    const tokens = Object.values(states).reduce((sum, count) => sum + count, 0)
    const about = declared.get(topic)
    const { title = null, purpose = null, category = null, mayNotify = null } = about ?? {}
    const isDeclared = about !== undefined
    const { live } = states
    return { topic, title, purpose, category, mayNotify, isDeclared, tokens, live, states }
  })
}

function countsOf(counts: readonly TopicCount[]): TopicSummary['states'] {
  const states = TOKEN_STATES.map((state) => {
    const found = counts.find((count) => count.state === state)
    return [state, found?.tokens ?? 0] as const
  })
  return Object.fromEntries(states) as Record<TokenState, number>
}
