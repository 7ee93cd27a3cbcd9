/**
 * What an import would do, told without anybody's data. Pure. Of each line only this is kept while
 * the file is read: ids of facts, topics, names of fields.
 */
import type { EventId, PageId } from '@otn/kernel'
import { NO_PAGE, TOKEN_LIFE_MS } from '@otn/policy'
import type { ImportFact } from './import-facts.ts'

/** No file is so broken that more of it would help anybody. */
const UNREADABLE_TOLD_MAX = 100

interface SeenConsent {
  readonly kind: 'consent'
  readonly page: PageId
  readonly topic: string | null
  readonly flag: string | null
  readonly isExpired: boolean
}

interface SeenUnreadable extends UnreadableLine {
  readonly kind: 'unreadable'
  readonly page: PageId
}

export interface UnreadableLine {
  readonly line: number
  /** Names of fields, never what stood in them. */
  readonly fields: readonly string[]
}

/** A file as it was read: each fact once, by its id. */
export interface Survey {
  readonly facts: ReadonlyMap<EventId, SeenConsent | SeenUnreadable>
  /** Lines that say what an earlier line said. */
  readonly repeated: number
}

/** Collects a survey fact by fact. */
export function createSurvey(nowMs: number): {
  add(fact: ImportFact): void
  result(): Survey
} {
  const facts = new Map<EventId, SeenConsent | SeenUnreadable>()
  let repeated = 0
  return {
    add: (fact) => {
      const id = fact.value.eventId
      if (facts.has(id)) repeated += 1
      else facts.set(id, seen(fact, nowMs))
    },
    result: () => ({ facts, repeated }),
  }
}

function seen(fact: ImportFact, nowMs: number): SeenConsent | SeenUnreadable {
  const { pageId: page } = fact.value
  if (fact.topic === 'quarantine') {
    return { kind: 'unreadable', page, line: fact.line, fields: fact.fields }
  }
  const { topic = null, payloadFlag = null, grantedAt } = fact.value
  const isExpired = nowMs >= grantedAt + TOKEN_LIFE_MS
  return { kind: 'consent', page, topic, flag: payloadFlag, isExpired }
}

/** Every page that the file names. */
export function pagesOf({ facts }: Survey): readonly PageId[] {
  const pages = new Set([...facts.values()].map(({ page }) => page))
  pages.delete(NO_PAGE)
  return [...pages].toSorted()
}

export interface ImportPlan {
  /** What would be new on the log, by page and topic; null = no rule names one. */
  readonly topics: readonly {
    readonly pageId: PageId
    readonly topic: string | null
    readonly tokens: number
    /** Of them: older than a year, kept as history of consent. */
    readonly expired: number
  }[]
  readonly tokens: number
  readonly unmapped: number
  readonly expired: number
  /** What new payloads carry that they must not. */
  readonly flagged: readonly { readonly flag: string; readonly tokens: number }[]
  /** Facts of the file that stand on the log already. */
  readonly unchanged: number
  readonly repeated: number
  /** Lines that would go to quarantine. */
  readonly quarantined: number
  /** The first of all lines that cannot be read, on the log already or not. */
  readonly unreadable: readonly UnreadableLine[]
}

/** @param onLog ids of facts that stand on the log */
export function importPlan(survey: Survey, onLog: ReadonlySet<string>): ImportPlan {
  const all = [...survey.facts]
  const missing = all.flatMap(([id, fact]) => (onLog.has(id) ? [] : [fact]))
  const consents = missing.filter((fact) => fact.kind === 'consent')
  const unreadable = all.flatMap(([, fact]) => (fact.kind === 'unreadable' ? [fact] : []))
  const flags = consents.flatMap(({ flag }) => flag?.split(',') ?? [])
  return {
    topics: byTopic(consents),
    tokens: consents.length,
    unmapped: consents.filter(({ topic }) => topic === null).length,
    expired: consents.filter(({ isExpired }) => isExpired).length,
    flagged: [...Map.groupBy(flags, (flag) => flag)]
      .map(([flag, { length: tokens }]) => ({ flag, tokens }))
      .toSorted((a, b) => (a.flag < b.flag ? -1 : 1)),
    unchanged: all.length - missing.length,
    repeated: survey.repeated,
    quarantined: missing.length - consents.length,
    unreadable: unreadable
      .slice(0, UNREADABLE_TOLD_MAX)
      .map(({ line, fields }) => ({ line, fields })),
  }
}

function byTopic(consents: readonly SeenConsent[]): ImportPlan['topics'] {
  const groups = Map.groupBy(consents, ({ page, topic }) => `${page}\n${topic ?? ''}`)
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group
      if (first === undefined) return []
      const expired = group.filter(({ isExpired }) => isExpired).length
      return [{ pageId: first.page, topic: first.topic, tokens: group.length, expired }]
    })
}
