/**
 * What must still be published so that the log says of a page what people say. Pure.
 *
 * A fact belongs to a slot: the connection, the pause, a topic, the rules. Of a slot the youngest
 * fact holds. Its id is made from what it says and from the id of the fact before it in the slot:
 * the same file imported twice, or by two people at once, gives the same ids, while a token that
 * was replaced and put back is a new fact.
 */
import type { PageEvent } from '@otn/contracts'
import { type EventId, type Identity, type PageId, pageId } from '@otn/kernel'
import { type TopicRuleFields, writeMayNotify, writeTopicRules } from '@otn/policy'
import type { Page } from './page-entry.ts'
import { type DeclaredTopic, ruleFields } from './topic-entry.ts'

type EventOf<Type extends PageEvent['type']> = Extract<PageEvent, { readonly type: Type }>

/** A fact to be published; a connection without its access token, which is sealed at the end. */
export type PageFact =
  | Omit<EventOf<'PageConnected'>, 'keyId' | 'sealed'>
  | EventOf<'TopicDeclared'>
  | EventOf<'TopicRuleSet'>
  | EventOf<'PagePaused'>
  | EventOf<'PageResumed'>

/** What the log is to say, in one slot. */
export interface WantedFact {
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
  /** The fact before it in its slot. */
  readonly latest: PageEvent | undefined
}

export interface PageFactsInput {
  readonly pageId: PageId
  readonly wanted: readonly WantedFact[]
  /** Everything known of the page, in log order. */
  readonly known: readonly PageEvent[]
  readonly identity: Identity
  readonly nowMs: number
}

/** The facts that are missing; empty where the log says all of it already. */
export function missingFacts(input: PageFactsInput): readonly PageFact[] {
  const { pageId: id, wanted, known, identity } = input
  const slots = slotsOf(known)
  return wanted.flatMap(({ slot, type, content, at }) => {
    const facts = slots.get(slot) ?? []
    const [latest, before] = [facts.at(-1), facts.at(-2)]
    const idAfter = (earlier?: PageEvent) =>
      identity.event(type, id, [...content, earlier?.eventId ?? ''])
    if (latest?.type === type && latest.eventId === idAfter(before)) return []
    // Readers let the younger fact hold, so it must be younger whatever clock wrote the other.
    const atMs = Math.max(input.nowMs, (latest?.at ?? 0) + 1)
    return [at({ eventId: idAfter(latest), pageId: id, at: atMs, latest })]
  })
}

/**
 * Everything that an entry of the pages file says.
 * @param onLog what is known of the page: with `keepsCatalogue` topics and rules that stand there
 *   in any wording stay as they are
 */
export function wantedOf(
  page: Page,
  { identity, onLog, keepsCatalogue }: WantedInput,
): readonly WantedFact[] {
  const { topics, topicRules } = page
  const rules = topicRules === undefined ? [] : [wantedRules(topicRules.map(ruleFields))]
  const catalogue = [...topics.map(wantedTopic), ...rules]
  const slots = slotsOf(onLog)
  const left = keepsCatalogue ? catalogue.filter(({ slot }) => !slots.has(slot)) : catalogue
  return [wantedConnection(page, identity), ...left]
}

export interface WantedInput {
  readonly identity: Identity
  readonly onLog: readonly PageEvent[]
  readonly keepsCatalogue: boolean
}

function wantedConnection(page: Page, identity: Identity): WantedFact {
  const { name, appId, graphVersion = null, accessToken } = page
  const said = { name, appId, graphVersion }
  const token = identity.token(pageId(page.pageId), accessToken)
  return {
    slot: CONNECTION,
    type: 'PageConnected',
    content: [...textsOf(said), token],
    at: ({ latest: _, ...place }) => ({ type: 'PageConnected', ...place, ...said }),
  }
}

/** A topic as it is declared: the whole declaration each time. */
export function wantedTopic(declared: DeclaredTopic): WantedFact {
  const { topic, name = null, purpose = null, category = null } = declared
  const mayNotify = writeMayNotify(declared.mayNotify ?? null)
  const said = { topic, name, purpose, category }
  return {
    slot: `topic:${topic}`,
    type: 'TopicDeclared',
    // An id must not change because a field is new that says nothing.
    content: textsOf(mayNotify === null ? said : { ...said, mayNotify }),
    at: ({ latest: _, ...place }) => ({ type: 'TopicDeclared', ...place, ...said, mayNotify }),
  }
}

/** The rules of a page, all of them. */
export function wantedRules(rules: readonly TopicRuleFields[]): WantedFact {
  const text = writeTopicRules(rules)
  return {
    slot: RULES,
    type: 'TopicRuleSet',
    content: [text],
    at: ({ latest, ...place }) => ({
      type: 'TopicRuleSet',
      ...place,
      rules: text,
      rulesVersion: (latest?.rulesVersion ?? 0) + 1,
    }),
  }
}

/** Whether the page's commands are to wait. */
export function wantedPause(type: 'PagePaused' | 'PageResumed'): WantedFact {
  return { slot: PAUSE, type, content: [], at: ({ latest: _, ...place }) => ({ type, ...place }) }
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

const CONNECTION = 'connection'
const RULES = 'rules'
const PAUSE = 'pause'

function slotOf(event: PageEvent): string | null {
  switch (event.type) {
    case 'PageConnected':
    case 'PageDisconnected':
      return CONNECTION
    case 'PagePaused':
    case 'PageResumed':
      return PAUSE
    case 'TopicDeclared':
      return `topic:${event.topic}`
    case 'TopicRuleSet':
      // A single rule counts no more once the rules were set all at once.
      return typeof event.rules === 'string' ? RULES : null
    default:
      return null
  }
}
