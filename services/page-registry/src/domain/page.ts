/** A page as its events tell of it: what the read model keeps, one document a page. Pure. */
import type { PageConnected, PageDisconnected, PageEvent } from '@otn/contracts'
import { assertNever, type EventId, type Latest, latest } from '@otn/kernel'
import { type Capability, ONE_TIME_NOTIFICATION, stateOf } from './capability.ts'

export interface PageDocument {
  readonly connection: Latest<Connection> | null
  readonly pause: Latest<boolean> | null
  readonly block: Latest<boolean> | null
  /** Ordered by name. */
  readonly capabilities: readonly Capability[]
}

export interface Connection {
  readonly isConnected: boolean
  readonly eventId: EventId
  readonly name: string | null
  readonly appId: string | null
  /** Null = the deployment's. */
  readonly graphVersion: string | null
  readonly tokenKind: string | null
  /** ms; null = without an end, or not known. */
  readonly tokenExpiresAt: number | null
  readonly permissions: readonly string[]
  /** What the page access token is sealed in; null once the page is disconnected. */
  readonly sealed: { readonly keyId: string; readonly bytes: Buffer } | null
}

/** Whether the page may send; what hinders it most comes first. */
export const PAGE_STANDINGS = [
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
}

/** Said more often, the oldest words about a capability are let go. */
const ENTRIES_MAX = 64

/** The page after one more fact; what is repeated or older changes nothing. */
export function foldPageEvent(page: PageDocument, event: PageEvent): PageDocument {
  const { eventId, at } = event
  const said = <T>(value: T) => ({ value, at, eventId })
  switch (event.type) {
    case 'PageConnected':
    case 'PageDisconnected':
      return { ...page, connection: latest(page.connection, said(connectionIn(event))) }
    case 'PagePaused':
    case 'PageResumed':
      return { ...page, pause: latest(page.pause, said(event.type === 'PagePaused')) }
    case 'PagePolicyEnforced': {
      // A warning stops nothing.
      if (event.action !== 'block' && event.action !== 'unblock') return page
      const value = event.action === 'block'
      const happenedAt = Math.min(event.occurredAt ?? at, at)
      return { ...page, block: latest(page.block, { value, at: happenedAt, eventId }) }
    }
    case 'PageCapabilityChanged': {
      const { capability: name, state, occurredAt = null, detail = null } = event
      const entry = { eventId, state, at, occurredAt, detail }
      return { ...page, capabilities: withEntry(page.capabilities, name, entry) }
    }
    case 'TopicDeclared':
    case 'TopicRuleSet':
    // Speaks of the deployment, not of a page.
    case 'DeploymentPinned':
      return page
    default:
      return assertNever(event)
  }
}

function connectionIn(event: PageConnected | PageDisconnected): Connection {
  const { eventId, name = null, appId = null, graphVersion = null } = event
  const { tokenKind = null, tokenExpiresAt = null, permissions = null } = event
  const isConnected = event.type === 'PageConnected'
  return {
    ...{ isConnected, eventId, name, appId, graphVersion, tokenKind, tokenExpiresAt },
    permissions: permissions ? permissions.split(',') : [],
    sealed: event.type === 'PageConnected' ? { keyId: event.keyId, bytes: event.sealed } : null,
  }
}

function withEntry(
  known: readonly Capability[],
  name: string,
  entry: Capability['entries'][number],
): readonly Capability[] {
  const before = known.find((one) => one.name === name)?.entries ?? []
  if (before.some(({ eventId }) => eventId === entry.eventId)) return known
  // Stable, so facts of one instant count in the order of their partition.
  const entries = [...before, entry].sort((a, b) => a.at - b.at).slice(-ENTRIES_MAX)
  const others = known.filter((one) => one.name !== name)
  return [...others, { name, entries }].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Null where no event ever connected it. */
export function standingOf(page: PageDocument): PageStanding | null {
  if (page.connection === null) return null
  if (!page.connection.value.isConnected) return 'disconnected'
  if (page.block?.value) return 'blocked'
  // Not asked for yet is no hindrance: people with a role in the app get messages all the same.
  const state = stateOf(page.capabilities, ONE_TIME_NOTIFICATION)
  if (state === 'denied' || state === 'revoked') return 'capability-missing'
  return page.pause?.value ? 'paused' : 'active'
}
