import type { PageEvent, TopicRuleSet } from '@otn/contracts'
import { assertNever, type Latest, latest, type PageId } from '@otn/kernel'
import {
  type CompilePattern,
  inOrder,
  nameTopic,
  readTopicRules,
  type TopicNaming,
  type TopicRule,
  topicRule,
} from '@otn/policy'

interface Page {
  readonly isConnected: Latest<boolean> | null
  /** The rules that were set one by one, by id; null = one that cannot be used. */
  readonly single: ReadonlyMap<string, Latest<TopicRule | null>>
  /** The rules that were set all at once: from the first such fact on they alone count. */
  readonly whole: Latest<readonly TopicRule[]> | null
  /** Those that count, in the order in which they are asked. */
  readonly rules: readonly TopicRule[]
}

const UNKNOWN: Page = { isConnected: null, single: new Map(), whole: null, rules: [] }

/** What the ingress knows of pages, folded from page events; a repeat changes nothing. */
export interface Pages {
  /** @returns sentences about what of the event cannot be used; empty where all of it can */
  apply(event: PageEvent): readonly string[]
  isConnected(page: PageId): boolean
  nameTopic(page: PageId, payload: string): TopicNaming
}

export function createPages(compile: CompilePattern): Pages {
  const pages = new Map<PageId, Page>()
  const pageOf = (id: PageId): Page => pages.get(id) ?? UNKNOWN
  return {
    apply: (event) => {
      const before = pageOf(event.pageId)
      switch (event.type) {
        case 'PageConnected':
        case 'PageDisconnected': {
          const said = { ...event, value: event.type === 'PageConnected' }
          pages.set(event.pageId, { ...before, isConnected: latest(before.isConnected, said) })
          return []
        }
        case 'TopicRuleSet': {
          const { page, faults } = withRules(before, event, compile)
          pages.set(event.pageId, page)
          return faults
        }
        case 'DeploymentPinned':
        case 'PageCapabilityChanged':
        case 'PagePolicyEnforced':
        case 'PagePaused':
        case 'PageResumed':
        case 'TopicDeclared':
          return []
        default:
          return assertNever(event)
      }
    },
    isConnected: (page) => pageOf(page).isConnected?.value ?? false,
    nameTopic: (page, payload) => nameTopic(payload, pageOf(page).rules),
  }
}

interface Ruled {
  readonly page: Page
  readonly faults: readonly string[]
}

function withRules(page: Page, event: TopicRuleSet, compile: CompilePattern): Ruled {
  return typeof event.rules === 'string'
    ? withAll(page, { ...event, rules: event.rules }, compile)
    : withOne(page, event, compile)
}

/** Every rule at once. A rule of the list that cannot be used is told, the others count. */
function withAll(
  page: Page,
  event: TopicRuleSet & { readonly rules: string },
  compile: CompilePattern,
): Ruled {
  const list = readTopicRules(event.rules)
  if (list === null) {
    const fault = `the topic rules of page ${event.pageId} cannot be read: those before them stay`
    return { page, faults: [fault] }
  }
  const made = list.map((fields) => ({ fields, rule: topicRule(fields, compile) }))
  const value = inOrder(made.flatMap(({ rule }) => rule ?? []))
  const whole = latest(page.whole, { ...event, value })
  const useless = made.filter(({ rule }) => rule === null)
  const faults = useless.map(({ fields }) => unusable(fields.ruleId, event))
  return { page: { ...page, whole, rules: whole.value }, faults }
}

function withOne(page: Page, event: TopicRuleSet, compile: CompilePattern): Ruled {
  const { ruleId = null, ruleKind = null, pattern = null, topic = null, priority = null } = event
  if (ruleId === null || ruleKind === null) return { page, faults: [unusable('without id', event)] }
  const value = topicRule({ ruleId, ruleKind, pattern, topic, priority }, compile)
  // A rule set anew replaces the old one even where it cannot be used: it was meant to.
  const said = latest(page.single.get(ruleId) ?? null, { ...event, value })
  const single = new Map(page.single).set(ruleId, said)
  const rules = inOrder([...single.values()].flatMap((one) => one.value ?? []))
  const faults = value === null ? [unusable(ruleId, event)] : []
  return { page: { ...page, single, rules: page.whole?.value ?? rules }, faults }
}

function unusable(ruleId: string, { pageId }: TopicRuleSet): string {
  return `topic rule ${ruleId} of page ${pageId} cannot be used`
}
