import type { ConsentWithdrawn, PageEvent, TopicDeclared, TopicRuleSet } from '@otn/contracts'
import { assertNever, type Latest, latest } from '@otn/kernel'
import { readMayNotify, readTopicRules, type TopicRuleFields } from '@otn/policy'
import { type Withdrawals, withdraw } from './withdrawal.ts'

/** A page: whether it may send, which topics it declared, which rules name them. */
export interface PageDocument {
  readonly connection: Latest<Connection> | null
  readonly pause: Latest<boolean> | null
  readonly block: Latest<boolean> | null
  /** Ordered by name. */
  readonly capabilities: readonly Named<string>[]
  /** Ordered by topic. */
  readonly topics: readonly Named<DeclaredTopic>[]
  /** The rules that were set one by one, ordered by id. */
  readonly rules: readonly Named<TopicRule>[]
  /** The rules that were set all at once: they alone count. Left out where none were. */
  readonly ruleSet?: Latest<TopicRuleSetAtOnce>
  /** Of a topic, whoever consented. Written by token events; left out where there is none. */
  readonly withdrawals?: Withdrawals
}

export interface Named<T> {
  readonly name: string
  readonly latest: Latest<T>
}

interface Connection {
  readonly isConnected: boolean
  readonly name: string | null
  readonly appId: string | null
}

export interface DeclaredTopic {
  /** Name for people. */
  readonly title: string | null
  readonly purpose: string | null
  readonly category: string | null
  /** Whose commands may notify on it; left out = anyone's. */
  readonly mayNotify?: readonly string[]
}

type TopicRule = Omit<TopicRuleFields, 'ruleId'>

interface TopicRuleSetAtOnce {
  /** One more with each set of the page. */
  readonly version: number
  readonly rules: readonly TopicRuleFields[]
}

/** Whether the page may send; what hinders it most comes first. */
export const PAGE_STANDINGS = [
  'unknown',
  'disconnected',
  'blocked',
  'capability-missing',
  'paused',
  'active',
] as const

export type PageStanding = (typeof PAGE_STANDINGS)[number]

export const unknownPage: PageDocument = {
  connection: null,
  pause: null,
  block: null,
  capabilities: [],
  topics: [],
  rules: [],
}

export function foldPageEvent(page: PageDocument, event: PageEvent): PageDocument {
  const { eventId, at } = event
  const said = <T>(value: T) => ({ value, at, eventId })
  switch (event.type) {
    case 'PageConnected':
    case 'PageDisconnected': {
      const isConnected = event.type === 'PageConnected'
      const { name = null, appId = null } = event
      return set(page, 'connection', latest(page.connection, said({ isConnected, name, appId })))
    }
    case 'PagePaused':
    case 'PageResumed':
      return set(page, 'pause', latest(page.pause, said(event.type === 'PagePaused')))
    case 'PagePolicyEnforced': {
      // A warning changes nothing yet.
      if (event.action !== 'block' && event.action !== 'unblock') return page
      const happenedAt = Math.min(event.occurredAt ?? at, at)
      const value = event.action === 'block'
      return set(page, 'block', latest(page.block, { value, at: happenedAt, eventId }))
    }
    case 'PageCapabilityChanged': {
      const { capability: name, state } = event
      return set(page, 'capabilities', named(page.capabilities, name, said(state)))
    }
    case 'TopicDeclared':
      return set(page, 'topics', named(page.topics, event.topic, said(declaredIn(event))))
    case 'TopicRuleSet':
      return withRules(page, event)
    // Speaks of the deployment, not of a page.
    case 'DeploymentPinned':
      return page
    default:
      return assertNever(event)
  }
}

function declaredIn(event: TopicDeclared): DeclaredTopic {
  const { name: title = null, purpose = null, category = null } = event
  const mayNotify = readMayNotify(event.mayNotify)
  return { title, purpose, category, ...(mayNotify === null ? {} : { mayNotify }) }
}

/** What cannot be read changes nothing: the ingress goes on with the rules before it as well. */
function withRules(page: PageDocument, event: TopicRuleSet): PageDocument {
  const { eventId, at } = event
  if (typeof event.rules === 'string') {
    const rules = readTopicRules(event.rules)
    if (rules === null) return page
    const value = { version: event.rulesVersion ?? 0, rules }
    return set(page, 'ruleSet', latest(page.ruleSet ?? null, { value, at, eventId }))
  }
  const { ruleId = null, ruleKind = null, pattern = null, topic = null, priority = null } = event
  if (ruleId === null || ruleKind === null) return page
  const rule = { value: { ruleKind, pattern, topic, priority }, at, eventId }
  return set(page, 'rules', named(page.rules, ruleId, rule))
}

/** The rules that count, by id; version 0 = they were set one by one. */
export function topicRulesOf({ rules, ruleSet }: PageDocument): TopicRuleSetAtOnce {
  if (ruleSet !== undefined) return ruleSet.value
  return {
    version: 0,
    rules: rules.map(({ name, latest: { value } }) => ({ ruleId: name, ...value })),
  }
}

/** Nobody is to get messages about a topic any more on the consents given so far. */
export function foldTopicWithdrawal(page: PageDocument, event: ConsentWithdrawn): PageDocument {
  const withdrawals = withdraw(page.withdrawals ?? [], event)
  return withdrawals === page.withdrawals ? page : { ...page, withdrawals }
}

export function pageStanding(page: PageDocument): PageStanding {
  if (page.connection === null) return 'unknown'
  if (!page.connection.value.isConnected) return 'disconnected'
  if (page.block?.value) return 'blocked'
  if (page.capabilities.some(isMissing)) return 'capability-missing'
  return page.pause?.value ? 'paused' : 'active'
}

/** Which capability a one-time notification needs. */
const NEEDED = 'one-time-notification'
/** Not yet asked for is no hindrance: people with a role in the app get messages all the same. */
const LOST: ReadonlySet<string> = new Set(['denied', 'revoked'])

function isMissing({ name, latest: { value } }: Named<string>): boolean {
  return name === NEEDED && LOST.has(value)
}

function named<T>(
  known: readonly Named<T>[],
  name: string,
  said: Parameters<typeof latest<T>>[1],
): readonly Named<T>[] {
  const before = known.find((entry) => entry.name === name)
  const after = latest(before?.latest ?? null, said)
  if (after === before?.latest) return known
  const others = known.filter((entry) => entry !== before)
  return [...others, { name, latest: after }].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function set<Key extends keyof PageDocument>(
  page: PageDocument,
  key: Key,
  value: PageDocument[Key],
): PageDocument {
  return page[key] === value ? page : { ...page, [key]: value }
}
