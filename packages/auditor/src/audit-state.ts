/**
 * What an audit remembers of the log, and how one more record changes it.
 *
 * Memory follows the number of tokens and commands, never the number of records: repeats add
 * nothing, waits and attempts of a command go when it has ended without a finding (`collapse`), and
 * what stays of it is its id, the digest of its final fact and one word for each attempt.
 * A command with a finding stays whole, for it is to be explained.
 */

import {
  commandDigestText,
  type OptInReceived,
  type ParkedMessage,
  type TokenEvent,
} from '@otn/contracts'
import { assertNever } from '@otn/kernel'
import {
  type AuditedTopic,
  type AuditRecord,
  earlier,
  type Place,
  placeText,
} from './audit-record.ts'
import { type CommandFacts, finalsOf, newCommand, withAsked, withFact } from './command-facts.ts'
import { sha256, shortDigest } from './digest.ts'
import { commandKeyOf, type Fact, factOf } from './fact.ts'
import { looksPersonal } from './looks-personal.ts'
import {
  newToken,
  type TokenFacts,
  withGrant,
  withTopic,
  withUser,
  withWithdrawal,
} from './token-facts.ts'
import { addWithdrawal, type Withdrawals } from './withdrawn-scope.ts'

/** What one `eventId` was seen to say. */
export interface SeenEvent {
  readonly deciding: string
  readonly subject: string
  readonly pageId: string
  readonly place: Place
}

/** Something that no later record can make right; kept by what it is about. */
export interface Stain {
  readonly code:
    | 'event-id-reused'
    | 'record-unreadable'
    | 'personal-in-clear'
    | 'campaign-person-twice'
  readonly subject: string
  readonly pageId: string | null
  readonly detail: string
  readonly place: Place
}

/** No more than this many are kept: who has as many needs no list. */
const STAINS_MAX = 1_000

/**
 * The values are immutable. The maps are written in place by whoever folds, because copying them
 * for each record would cost the square of the log.
 */
export interface AuditState {
  readonly commands: Map<string, CommandFacts>
  readonly tokens: Map<string, TokenFacts>
  readonly events: Map<string, SeenEvent>
  /** Tokens by `personKeyOf` whom they were given by. */
  readonly granted: Map<string, ReadonlySet<string>>
  /** The command by which a campaign first called for a person, by campaign and person. */
  readonly campaigns: Map<string, { readonly commandKey: string; readonly place: Place }>
  /** What was withdrawn by person or topic. */
  readonly withdrawn: Withdrawals
  /** Pages that were ever connected. */
  readonly pages: Set<string>
  /** Places of commands that were parked: they got their answer there. */
  readonly parked: Set<string>
  readonly stains: Map<string, Stain>
  /** Commands that have ended and are still kept whole. */
  readonly ended: Set<string>
}

export function newAudit(): AuditState {
  return {
    commands: new Map(),
    tokens: new Map(),
    events: new Map(),
    granted: new Map(),
    campaigns: new Map(),
    withdrawn: new Map(),
    pages: new Set(),
    parked: new Set(),
    stains: new Map(),
    ended: new Set(),
  }
}

/**
 * The state after one more record. Total; the order between Kafka topics and partitions makes no
 * difference, and neither does a record that comes again.
 */
export function evolve(state: AuditState, record: AuditRecord): AuditState {
  if (record.kind === 'unreadable') {
    // A command that cannot be read is somebody else's and is parked; a fact is one of ours.
    if (!isCommand(record.topic)) stainAt(state, 'record-unreadable', record)
    return state
  }
  const fault = looksPersonal(record)
  if (fault !== null) stainAt(state, 'personal-in-clear', record, fault)
  fold(state, record)
  return state
}

type Known = Extract<AuditRecord, { kind: 'known' }>

function fold(state: AuditState, record: Known): void {
  const { place } = record
  switch (record.topic) {
    case 'notification':
    case 'optInRequestEvent':
      onFact(state, factOf(record.value, place))
      break
    case 'optIn':
      onOptIn(state, record.value, place)
      break
    case 'token':
      onTokenEvent(state, record.value, place)
      break
    case 'notify':
    case 'optInRequest':
      onAsked(state, record)
      break
    case 'page':
      if (record.value.type === 'PageConnected') state.pages.add(record.value.pageId)
      break
    case 'parked':
      onParked(state, record.value)
      break
    default:
      assertNever(record)
  }
}

type Asked = Extract<Known, { topic: 'notify' | 'optInRequest' }>

function isCommand(topic: AuditedTopic): boolean {
  return topic === 'notify' || topic === 'optInRequest'
}

function onAsked(state: AuditState, { topic, value, place }: Asked): void {
  const { pageId, commandId } = value
  const key = commandKeyOf(pageId, commandId, topic === 'optInRequest')
  const known = state.commands.get(key) ?? newCommand(key, pageId)
  state.commands.set(key, withAsked(known, { digest: sha256(commandDigestText(value)), place }))
}

function onFact(state: AuditState, fact: Fact): void {
  const { eventId, deciding, commandKey: key, pageId, place, tokenId } = fact
  const known = state.commands.get(key)
  const next = withFact(known ?? newCommand(key, pageId), fact)
  // Of a settled command nothing but the unheard is looked at: its own facts are forgotten.
  if (next === known && known.settled !== null) return
  state.commands.set(key, next)
  see(state, eventId, { deciding, subject: `command ${key}`, pageId, place })
  if (tokenId !== null) changeToken(state, tokenId, (token) => withUser(token, key))
  if (fact.kind === 'attempted') onCampaignCall(state, fact)
  if (next.settled === null && finalsOf(next).length > 0) state.ended.add(key)
}

/** A campaign calls for each person by one command, however often that one calls. */
function onCampaignCall(state: AuditState, fact: Fact): void {
  const { pageId, campaignId, person, commandKey, place } = fact
  if (campaignId === null || person === null) return
  const key = `${pageId}:${campaignId}:${person}`
  const known = state.campaigns.get(key)
  if (known?.commandKey === commandKey) return
  const first = known && earlier(known.place, place) === known.place ? known : fact
  state.campaigns.set(key, { commandKey: first.commandKey, place: first.place })
  if (known === undefined) return
  const second = first === known ? fact : known
  const subject = `command ${second.commandKey}`
  const detail = `${campaignId}, the other one is ${first.commandKey}`
  const said = { code: 'campaign-person-twice', subject, pageId, detail } as const
  stain(state, { ...said, place: second.place })
}

function onOptIn(state: AuditState, value: OptInReceived, place: Place): void {
  const { eventId, pageId, person, tokenId, kind, grantedAt, topic = null } = value
  const deciding = shortDigest({ pageId, person, tokenId, kind })
  see(state, eventId, { deciding, subject: `token ${tokenId}`, pageId, place })
  changeToken(state, tokenId, (token) =>
    withGrant(token, { pageId, person, topic, grantedAt, place }),
  )
  const owner = personKeyOf(pageId, person)
  const known = state.granted.get(owner)
  if (!known?.has(tokenId)) state.granted.set(owner, new Set([...(known ?? []), tokenId]))
}

/** A person as one page knows them. */
export function personKeyOf(pageId: string, person: string): string {
  return `${pageId} ${person}`
}

function onTokenEvent(state: AuditState, value: TokenEvent, place: Place): void {
  const { type, eventId, pageId, person = null, tokenId = null, topic = null, at } = value
  const deciding = shortDigest({ type, pageId, person, tokenId, topic })
  const subject = tokenId === null ? `consent of ${pageId}` : `token ${tokenId}`
  see(state, eventId, { deciding, subject, pageId, place })
  if (type === 'ConsentWithdrawn' && tokenId === null) {
    const { withdrawnAt } = value
    addWithdrawal(state.withdrawn, { pageId, person, topic }, { withdrawnAt, at })
  }
  if (tokenId === null) return
  if (type === 'TokenWithdrawn' || type === 'ConsentWithdrawn') {
    changeToken(state, tokenId, (token) => withWithdrawal(token, at))
  }
  if (type === 'TokenTopicAssigned' && topic !== null) {
    changeToken(state, tokenId, (token) => withTopic(token, { topic, at }))
  }
}

/** The name of the Kafka topic carries the deployment's prefix, which the auditor need not know. */
const COMMAND_TOPIC = /(?:^|\.|-|_)otn\.(notify|optin-request)\.commands\.v1$/

function onParked(state: AuditState, value: ParkedMessage): void {
  // Driven again it stands elsewhere and is answered there; dropped, it was answered by parking.
  if (value.type !== 'MessageParked') return
  const { sourceTopic, sourcePartition: partition, sourceOffset } = value
  const [, kind] = COMMAND_TOPIC.exec(sourceTopic) ?? []
  if (kind === undefined || !/^\d{1,19}$/.test(sourceOffset)) return
  const topic = kind === 'notify' ? 'notify' : 'optInRequest'
  state.parked.add(placeText({ topic, partition, offset: BigInt(sourceOffset) }))
}

function changeToken(
  state: AuditState,
  tokenId: string,
  by: (token: TokenFacts) => TokenFacts,
): void {
  state.tokens.set(tokenId, by(state.tokens.get(tokenId) ?? newToken(tokenId)))
}

/** Two records of one id must agree in what decides. */
function see(state: AuditState, eventId: string, told: SeenEvent): void {
  const known = state.events.get(eventId)
  if (known === undefined) {
    state.events.set(eventId, told)
    return
  }
  if (known.deciding === told.deciding) return
  const first = earlier(known.place, told.place) === known.place ? known : told
  const second = first === known ? told : known
  state.events.set(eventId, first)
  const { subject, pageId } = first
  const detail = `${eventId} of ${subject}, at ${placeText(first.place)} and elsewhere`
  stain(state, { code: 'event-id-reused', subject, pageId, detail, place: second.place })
}

function stainAt(
  state: AuditState,
  code: Stain['code'],
  record: AuditRecord,
  detail = 'the bytes are no record of this Kafka topic',
): void {
  const subject = placeText(record.place)
  stain(state, { code, subject, pageId: null, detail, place: record.place })
}

function stain(state: AuditState, told: Stain): void {
  const key = `${told.code} ${told.subject}`
  const known = state.stains.get(key)
  if (known === undefined && state.stains.size >= STAINS_MAX) return
  if (known && earlier(known.place, told.place) === known.place) return
  state.stains.set(key, told)
}
