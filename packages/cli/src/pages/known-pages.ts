/** What the log says of pages as the ingress knows them: connected or not, and their rules. */
import type { PageEvent } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import { inOrder, nameTopic, type TopicNaming, topicRule } from '@otn/policy'
import { compilePattern } from '@otn/runtime/compile-pattern'
import { pageOnLog } from './page-on-log.ts'

export interface KnownPages {
  isConnected(page: PageId): boolean
  nameTopic(page: PageId, payload: string): TopicNaming
}

/** Each page is looked at once. */
export function knownPages(events: readonly PageEvent[]): KnownPages {
  const pages = new Map<PageId, ReturnType<typeof looked>>()
  const looked = (page: PageId) => {
    const { isConnected, rules } = pageOnLog(events, page)
    return {
      isConnected,
      rules: inOrder(rules.flatMap((one) => topicRule(one, compilePattern) ?? [])),
    }
  }
  const of = (page: PageId) => {
    const known = pages.get(page) ?? looked(page)
    pages.set(page, known)
    return known
  }
  return {
    isConnected: (page) => of(page).isConnected,
    nameTopic: (page, payload) => nameTopic(payload, of(page).rules),
  }
}
