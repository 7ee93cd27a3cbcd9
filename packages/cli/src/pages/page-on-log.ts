/** What the log says of one page: connection, pause, catalogue; folded from its events. Pure. */
import type { PageEvent } from '@otn/contracts'
import { type Latest, latest, type PageId } from '@otn/kernel'
import { readTopicRules, type TopicRuleFields } from '@otn/policy'

export interface PageOnLog {
  readonly isConnected: boolean
  readonly isPaused: boolean
  readonly topics: ReadonlySet<string>
  readonly rules: readonly TopicRuleFields[]
  /** 0 = the rules were set one by one, or none were. */
  readonly rulesVersion: number
}

interface Folding {
  readonly connection: Latest<boolean> | null
  readonly pause: Latest<boolean> | null
  readonly topics: ReadonlySet<string>
  readonly whole: Latest<Pick<PageOnLog, 'rules' | 'rulesVersion'>> | null
  readonly single: ReadonlyMap<string, Latest<TopicRuleFields>>
}

const NOTHING: Folding = {
  connection: null,
  pause: null,
  topics: new Set(),
  whole: null,
  single: new Map(),
}

/** Repeats and late facts change nothing, as for every reader of the log. */
export function pageOnLog(events: readonly PageEvent[], page: PageId): PageOnLog {
  const ofPage = events.filter(({ pageId }) => pageId === page)
  const { connection, pause, topics, whole, single } = ofPage.reduce(withEvent, NOTHING)
  const oneByOne = { rules: [...single.values()].map(({ value }) => value), rulesVersion: 0 }
  const standing = { isConnected: connection?.value ?? false, isPaused: pause?.value ?? false }
  return { ...standing, topics, ...(whole?.value ?? oneByOne) }
}

function withEvent(known: Folding, event: PageEvent): Folding {
  switch (event.type) {
    case 'PageConnected':
    case 'PageDisconnected': {
      const said = { ...event, value: event.type === 'PageConnected' }
      return { ...known, connection: latest(known.connection, said) }
    }
    case 'PagePaused':
    case 'PageResumed': {
      const said = { ...event, value: event.type === 'PagePaused' }
      return { ...known, pause: latest(known.pause, said) }
    }
    case 'TopicDeclared':
      return { ...known, topics: new Set([...known.topics, event.topic]) }
    case 'TopicRuleSet':
      return typeof event.rules === 'string'
        ? withAll(known, event, event.rules)
        : withOne(known, event)
    default:
      return known
  }
}

function withAll(known: Folding, event: PageEvent, text: string): Folding {
  const rules = readTopicRules(text)
  if (rules === null) return known
  const value = { rules, rulesVersion: event.rulesVersion ?? 0 }
  return { ...known, whole: latest(known.whole, { ...event, value }) }
}

function withOne(known: Folding, event: PageEvent): Folding {
  const { ruleId = null, ruleKind = null, pattern = null, topic = null, priority = null } = event
  if (ruleId === null || ruleKind === null) return known
  const value = { ruleId, ruleKind, pattern, topic, priority }
  const said = latest(known.single.get(ruleId) ?? null, { ...event, value })
  return { ...known, single: new Map(known.single).set(ruleId, said) }
}
