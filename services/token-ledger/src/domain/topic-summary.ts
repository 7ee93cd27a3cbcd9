import type { DeclaredTopic, PageDocument } from './page.ts'

/** Tokens of one topic of a page; topic null = no rule names it. */
export interface TopicCount {
  readonly topic: string | null
  readonly tokens: number
  readonly live: number
}

export interface TopicSummary extends TopicCount, DeclaredTopic {
  readonly isDeclared: boolean
}

/** Declared topics and those that tokens were given for, by name; the unnamed ones come last. */
export function topicSummaries(
  { topics }: Pick<PageDocument, 'topics'>,
  counts: readonly TopicCount[],
): readonly TopicSummary[] {
  const declared = new Map<string | null, DeclaredTopic>(
    topics.map(({ name, latest }) => [name, latest.value]),
  )
  const counted = new Map(counts.map((count) => [count.topic, count]))
  const known = new Set([...declared.keys(), ...counted.keys()])
  const names = [...known].filter((topic) => topic !== null).sort()
  return [...names, ...(known.has(null) ? [null] : [])].map((topic) => {
    const { tokens, live } = counted.get(topic) ?? { tokens: 0, live: 0 }
    const about = declared.get(topic)
    const { title = null, purpose = null, category = null } = about ?? {}
    return { topic, title, purpose, category, isDeclared: about !== undefined, tokens, live }
  })
}
