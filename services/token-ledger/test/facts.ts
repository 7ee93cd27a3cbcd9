/** Facts as ingress and dispatcher write them, sealed for real. */
import { createSecretKey } from 'node:crypto'
import type {
  ConsentWithdrawn,
  EngagementEvent,
  NotificationEvent,
  OptInReceived,
  PageEvent,
  ParkedMessage,
  TokenEvent,
} from '@otn/contracts'
import {
  commandId,
  eventId,
  type PersonId,
  pageId,
  pageScopedUserId,
  type TokenId,
} from '@otn/kernel'
import { createIdentity, createVault, parseMasterKeys, pepperCheck } from '@otn/vault'

export const PEPPER = 'test-pepper'
export const MASTER_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`
export const PAGE = pageId('1000')

const pepper = createSecretKey(Buffer.from(PEPPER))
export const identity = createIdentity(pepper)
export const CHECK = pepperCheck(pepper)

const parsed = parseMasterKeys(MASTER_KEY)
if ('fault' in parsed) throw new Error(parsed.fault)
export const vault = createVault(parsed.keys)

export interface Consented {
  readonly psid: string
  readonly token: string
  readonly page?: string
  readonly topic?: string | null
  readonly payload?: string
  readonly grantedAt?: number
  readonly at?: number
}

export interface Fact<Event> {
  readonly key: string
  readonly value: Event
}

export function personOf(psid: string, page: string = PAGE): PersonId {
  return identity.person(pageId(page), pageScopedUserId(psid))
}

export function tokenIdOf(token: string, page: string = PAGE): TokenId {
  return identity.token(pageId(page), token)
}

export function optIn(told: Consented): Fact<OptInReceived> {
  const { psid, token, page = PAGE, topic = 'restock-1', payload = 'otn1:restock-1:' } = told
  const { at = Date.now(), grantedAt = at } = told
  const person = personOf(psid, page)
  const id = identity.event('OptInReceived', pageId(page), [token])
  const context = { record: 'OptInReceived', eventId: id, owner: person }
  const value: OptInReceived = {
    type: 'OptInReceived',
    eventId: id,
    pageId: pageId(page),
    person,
    tokenId: tokenIdOf(token, page),
    kind: 'one_time_notif_req',
    topic,
    topicRule: topic === null ? null : 'otn1',
    grantedAt,
    at,
    origin: 'webhook',
    ...vault.seal({ psid, token, payload }, context),
  }
  return { key: person, value }
}

export interface Called extends Pick<Consented, 'psid' | 'token' | 'page'> {
  readonly type: NotificationEvent['type']
  readonly command?: string
  readonly attempt?: number
  readonly released?: boolean | null
  readonly at?: number
}

export function called(told: Called): Fact<NotificationEvent> {
  const { type, psid, token, page = PAGE, command = 'c1', attempt = 1 } = told
  const { released = null, at = Date.now() } = told
  const person = personOf(psid, page)
  const value: NotificationEvent = {
    type,
    eventId: identity.event(type, pageId(page), [command, String(attempt)]),
    commandId: commandId(command),
    pageId: pageId(page),
    commandDigest: identity.digest(command),
    attempt,
    at,
    person,
    tokenId: tokenIdOf(token, page),
    route: 'TOKEN',
    certainty: 'CONFIRMED',
    reason: 'rate-limited',
    tokenReleased: released,
    dueAt: at,
    keyId: 'k1',
    sealed: Buffer.from('sealed command'),
  }
  return { key: person, value }
}

export function withdrawn(told: Pick<Consented, 'psid' | 'token'>): Fact<TokenEvent> {
  const person = personOf(told.psid)
  const value: TokenEvent = {
    type: 'TokenWithdrawn',
    eventId: identity.event('TokenWithdrawn', PAGE, [told.token]),
    pageId: PAGE,
    at: Date.now(),
    person,
    tokenId: tokenIdOf(told.token),
    reason: 'token-withdrawn',
  }
  return { key: person, value }
}

/** Of the person, of a topic, of both, or of one token. */
export function consentWithdrawn(
  by: { readonly psid?: string; readonly topic?: string; readonly token?: string },
  withdrawnAt: number,
  command = 'w1',
): Fact<ConsentWithdrawn> {
  const person = by.psid === undefined ? null : personOf(by.psid)
  const id = by.token === undefined ? null : tokenIdOf(by.token)
  const parts = [command, person ?? '', id ?? '', by.topic ?? '']
  const value: ConsentWithdrawn = {
    type: 'ConsentWithdrawn',
    eventId: identity.event('ConsentWithdrawn', PAGE, parts),
    ...{ pageId: PAGE, at: withdrawnAt, person, tokenId: id, topic: by.topic ?? null },
    ...{ withdrawnAt, reason: 'token-withdrawn', requestedBy: null, causationId: command },
  }
  return { key: person ?? `c:${command}`, value }
}

export function engaged(
  psid: string,
  told: { readonly occurredAt: number; readonly newOwnerAppId?: string | null },
): Fact<EngagementEvent> {
  const { occurredAt, newOwnerAppId } = told
  const person = personOf(psid)
  const type = newOwnerAppId === undefined ? 'PersonEngaged' : 'ThreadControlChanged'
  const value: EngagementEvent = {
    type,
    eventId: identity.event(type, PAGE, [psid, String(occurredAt)]),
    pageId: PAGE,
    person,
    at: occurredAt,
    occurredAt,
    kind: 'message',
    newOwnerAppId: newOwnerAppId ?? null,
    keyId: 'k1',
    sealed: Buffer.from('sealed'),
  }
  return { key: person, value }
}

export function aboutPage(
  type: PageEvent['type'],
  told: Partial<Pick<PageEvent, 'at' | 'topic' | 'name' | 'pageId' | 'pepperCheck'>> = {},
): Fact<PageEvent> {
  const page = told.pageId ?? PAGE
  const value: PageEvent = {
    type,
    eventId: eventId(`${type}/${page}/${told.topic}/${told.at}`),
    pageId: page,
    at: told.at ?? 1,
    name: told.name ?? 'Shop',
    appId: '77',
    topic: told.topic ?? 'restock-1',
    ruleId: 'r1',
    ruleKind: 'identity',
    capability: 'one-time-notification',
    state: 'granted',
    action: 'block',
    pepperCheck: told.pepperCheck ?? CHECK,
    keyId: 'k1',
    sealed: Buffer.from('sealed'),
  }
  return { key: page, value }
}

/** What a candidate keeps sealed, opened as the dispatcher does. */
export function opened(
  candidate: { readonly eventId: string; readonly keyId: string; readonly sealed: string },
  owner: string,
): Readonly<Record<string, unknown>> {
  const context = { record: 'OptInReceived', eventId: candidate.eventId, owner }
  const sealed = Buffer.from(candidate.sealed, 'base64')
  return vault.open({ keyId: candidate.keyId, sealed }, context)
}

/** What a parked message keeps sealed. */
export function openedParked(
  message: ParkedMessage | undefined,
): Readonly<Record<string, unknown>> {
  if (message?.type !== 'MessageParked') return {}
  const context = { record: 'ParkedMessage', eventId: message.eventId, owner: message.pageId }
  return vault.open(message, context)
}
