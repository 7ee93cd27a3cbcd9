import type { PageEvent } from '@otn/contracts'
import { assertNever, type PageId } from '@otn/kernel'
import {
  type CompilePattern,
  inOrder,
  nameTopic,
  type TopicNaming,
  type TopicRule,
  topicRule,
} from './topic-rules.ts'

interface Page {
  readonly isConnected: boolean
  /** In the order in which they are asked. */
  readonly rules: readonly TopicRule[]
}

const UNKNOWN: Page = { isConnected: false, rules: [] }

/** What the ingress knows of pages, folded from page events; a repeat changes nothing. */
export interface Pages {
  /** @returns a sentence where the event cannot be used, else null */
  apply(event: PageEvent): string | null
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
          pages.set(event.pageId, { ...before, isConnected: true })
          return null
        case 'PageDisconnected':
          pages.set(event.pageId, { ...before, isConnected: false })
          return null
        case 'TopicRuleSet': {
          const { pattern = null, topic = null, priority = null } = event
          const rule = topicRule({ ...event, pattern, topic, priority }, compile)
          // A rule set anew replaces the old one even where it cannot be used: it was meant to.
          const others = before.rules.filter(({ id }) => id !== event.ruleId)
          pages.set(event.pageId, { ...before, rules: inOrder(rule ? [...others, rule] : others) })
          return rule ? null : `topic rule ${event.ruleId} of page ${event.pageId} cannot be used`
        }
        case 'DeploymentPinned':
        case 'PageCapabilityChanged':
        case 'PagePolicyEnforced':
        case 'PagePaused':
        case 'PageResumed':
        case 'TopicDeclared':
          return null
        default:
          return assertNever(event)
      }
    },
    isConnected: (page) => pageOf(page).isConnected,
    nameTopic: (page, payload) => nameTopic(payload, pageOf(page).rules),
  }
}
