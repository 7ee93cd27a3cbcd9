/**
 * What must still be published so that the log says of a page what the file says. Pure.
 *
 * A fact belongs to a slot: the connection, a topic, a rule. Of a slot the youngest fact holds. Its
 * id is made from what it says and from the id of the fact before it in the slot: the same file
 * imported twice, or by two people at once, gives the same ids, while a token that was replaced
 * and put back is a new fact.
 */
import type { PageEvent } from '@otn/contracts'
import { type EventId, type Identity, type PageId, pageId } from '@otn/kernel'
import type { DeclaredTopic, Page } from './page-entry.ts'

type EventOf<Type extends PageEvent['type']> = Extract<PageEvent, { readonly type: Type }>

/** A fact to be published; a connection without its access token, which is sealed at the end. */
export type PageFact =
  | Omit<EventOf<'PageConnected'>, 'keyId' | 'sealed'>
  | EventOf<'TopicDeclared'>
  | EventOf<'TopicRuleSet'>

interface WantedFact {
  readonly slot: string
  readonly type: PageFact['type']
  /** What tells it from another fact of its slot; never a secret. */
  readonly content: readonly string[]
  readonly at: (place: FactPlace) => PageFact
}

interface FactPlace {
  readonly eventId: EventId
  readonly pageId: PageId
  readonly at: number
}

export interface PageFactsInput {
  readonly page: Page
  /** Everything known of the page, in log order. */
  readonly known: readonly PageEvent[]
  readonly identity: Identity
  readonly nowMs: number
}

/** The facts that are missing; empty where the log says all of it already. */
export function missingFacts(input: PageFactsInput): readonly PageFact[] {
  const { page, known, identity } = input
  const id = pageId(page.pageId)
  const slots = slotsOf(known)
  return wantedFacts(page, identity).flatMap(({ slot, type, content, at }) => {
    const facts = slots.get(slot) ?? []
    const [latest, before] = [facts.at(-1), facts.at(-2)]
    const idAfter = (earlier?: PageEvent) =>
      identity.event(type, id, [...content, earlier?.eventId ?? ''])
    if (latest?.type === type && latest.eventId === idAfter(before)) return []
    // Readers let the younger fact hold, so it must be younger whatever clock wrote the other.
    const atMs = Math.max(input.nowMs, (latest?.at ?? 0) + 1)
    return [at({ eventId: idAfter(latest), pageId: id, at: atMs })]
  })
}

function wantedFacts(page: Page, identity: Identity): readonly WantedFact[] {
  return [connected(page, identity), ...page.topics.map(declared), ...page.topicRules.map(ruleSet)]
}

function connected(page: Page, identity: Identity): WantedFact {
  const { name, appId, graphVersion = null, accessToken } = page
  const said = { name, appId, graphVersion }
  const token = identity.token(pageId(page.pageId), accessToken)
  return {
    slot: 'connection',
    type: 'PageConnected',
    content: [...textsOf(said), token],
    at: (place) => ({ type: 'PageConnected', ...place, ...said }),
  }
}

function declared({ topic, name, purpose, category }: DeclaredTopic): WantedFact {
  const said = {
    topic,
    name: name ?? null,
    purpose: purpose ?? null,
    category: category ?? null,
  }
  return {
    slot: `topic:${topic}`,
    type: 'TopicDeclared',
    content: textsOf(said),
    at: (place) => ({ type: 'TopicDeclared', ...place, ...said }),
  }
}

function ruleSet(rule: Page['topicRules'][number]): WantedFact {
  const isIdentity = rule.kind === 'identity'
  const said = {
    ruleId: rule.ruleId,
    ruleKind: rule.kind,
    pattern: isIdentity ? null : rule.pattern,
    topic: isIdentity ? null : rule.topic,
    priority: rule.priority ?? null,
  }
  return {
    slot: `rule:${rule.ruleId}`,
    type: 'TopicRuleSet',
    content: textsOf(said),
    at: (place) => ({ type: 'TopicRuleSet', ...place, ...said }),
  }
}

/** Every field with its name, in one order: two different facts never give the same texts. */
function textsOf(said: Readonly<Record<string, string | number | null>>): readonly string[] {
  return Object.entries(said)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => JSON.stringify([name, value]))
}

/** The facts of each slot in log order, a repeated one at its first place. */
function slotsOf(known: readonly PageEvent[]): ReadonlyMap<string, readonly PageEvent[]> {
  const seen = new Set<string>()
  const slots = new Map<string, PageEvent[]>()
  for (const event of known) {
    const slot = slotOf(event)
    if (slot === null || seen.has(event.eventId)) continue
    seen.add(event.eventId)
    slots.set(slot, [...(slots.get(slot) ?? []), event])
  }
  return slots
}

function slotOf(event: PageEvent): string | null {
  switch (event.type) {
    case 'PageConnected':
    case 'PageDisconnected':
      return 'connection'
    case 'TopicDeclared':
      return `topic:${event.topic}`
    case 'TopicRuleSet':
      return `rule:${event.ruleId}`
    default:
      return null
  }
}
