import type { PageEvent } from '@otn/contracts'
import { assertNever, type EventId, type Latest, latest, type PageId } from '@otn/kernel'
import { readMayNotify } from '@otn/policy'

/** A page as its events tell of it: how to speak for it, and whether it may send. */
export interface Page {
  readonly connection: Said<Connection | null>
  readonly isPaused: Said<boolean>
  readonly isBlocked: Said<boolean>
  /** The platform warned of it, and lifted nothing since. */
  readonly isWarned: Said<boolean>
  readonly isCapable: Said<boolean>
  /** Of topics that were declared: whose commands may notify on them; null = anyone's. */
  readonly notifiers: ReadonlyMap<string, Latest<readonly string[] | null>>
}

/** What the page access token is sealed in. */
export interface Connection {
  readonly pageId: PageId
  readonly eventId: EventId
  readonly keyId: string
  readonly sealed: Buffer
  /** Null = the deployment's. */
  readonly graphVersion: string | null
}

/**
 * A value with the facts that said it. The youngest fact holds; facts of one instant (a clock may
 * stand still) count in the order of their Kafka topic, and a repeat of one of them says nothing.
 */
export interface Said<T> {
  readonly value: T
  readonly at: number
  readonly seen: readonly string[]
}

/** On what, and in whose name, a command is to notify. */
export interface Notifying {
  readonly topic: string | null
  readonly requestedBy: string | null
}

export type PageStanding =
  | 'unknown'
  | 'disconnected'
  | 'page-blocked'
  | 'page-capability-missing'
  | 'page-paused'
  | 'active'

/** The standing as one command meets it. */
export type StandingOfCommand = PageStanding | 'behind' | 'requester-not-allowed'

const unsaid = <T>(value: T): Said<T> => ({ value, at: 0, seen: [] })

export const unknownPage: Page = {
  connection: unsaid(null),
  isPaused: unsaid(false),
  isBlocked: unsaid(false),
  isWarned: unsaid(false),
  isCapable: unsaid(true),
  notifiers: new Map(),
}

/** The capability that a one-time notification needs. */
const NEEDED = 'one-time-notification'
/** Not asked for yet is no hindrance: people with a role in the app get messages all the same. */
const LOST: ReadonlySet<string> = new Set(['denied', 'revoked'])

/** The page after one more fact, read in the order of the log; repeats change nothing. */
export function evolvePage(page: Page, event: PageEvent): Page {
  switch (event.type) {
    case 'PageConnected': {
      const { pageId, eventId, keyId, sealed, graphVersion = null } = event
      return say(page, event, { connection: { pageId, eventId, keyId, sealed, graphVersion } })
    }
    case 'PageDisconnected':
      return say(page, event, { connection: null })
    case 'PagePaused':
    case 'PageResumed':
      return say(page, event, { isPaused: event.type === 'PagePaused' })
    case 'PagePolicyEnforced':
      return enforced(page, event)
    case 'PageCapabilityChanged': {
      const { capability, state } = event
      return capability === NEEDED ? say(page, event, { isCapable: !LOST.has(state) }) : page
    }
    case 'TopicDeclared': {
      const { topic } = event
      const said = { ...event, value: readMayNotify(event.mayNotify) }
      const notifiers = latest(page.notifiers.get(topic) ?? null, said)
      return { ...page, notifiers: new Map(page.notifiers).set(topic, notifiers) }
    }
    case 'TopicRuleSet':
    // Speaks of the deployment, not of a page.
    case 'DeploymentPinned':
      return page
    default:
      return assertNever(event)
  }
}

/** What hinders the page most. */
export function standingOf(page: Page): PageStanding {
  if (page.connection.value === null) return page.connection.at === 0 ? 'unknown' : 'disconnected'
  if (page.isBlocked.value) return 'page-blocked'
  if (!page.isCapable.value) return 'page-capability-missing'
  return page.isPaused.value ? 'page-paused' : 'active'
}

/**
 * Whether the page lets a command notify on its topic. The name is the command's own word: who may
 * write commands at all, Kafka and the keys of the API decide.
 */
export function mayNotify(page: Page, { topic, requestedBy }: Notifying): boolean {
  const names = page.notifiers.get(topic ?? '')?.value ?? null
  return names === null || (requestedBy !== null && names.includes(requestedBy))
}

/** A warning stops nothing. */
function enforced(page: Page, event: PageEvent & { readonly action?: string | null }): Page {
  const values = ENFORCED[event.action ?? '']
  if (values === undefined) return page
  // The platform's clock decides between its own facts, but never runs ahead of ours.
  const at = Math.min(event.occurredAt ?? event.at, event.at)
  return say(page, { ...event, at }, values)
}

const ENFORCED: Readonly<Record<string, Values>> = {
  warning: { isWarned: true },
  block: { isBlocked: true },
  unblock: { isBlocked: false, isWarned: false },
}

type SaidOnce = Omit<Page, 'notifiers'>
type Values = { readonly [Name in keyof SaidOnce]?: SaidOnce[Name]['value'] }

function say(page: Page, { at, eventId }: PageEvent, values: Values): Page {
  let next = page
  for (const [name, value] of Object.entries(values)) {
    const known = page[name as keyof SaidOnce]
    if (known.at > at || known.seen.includes(eventId)) continue
    const seen = known.at === at ? [...known.seen, eventId] : [eventId]
    next = { ...next, [name]: { value, at, seen } }
  }
  return next
}
