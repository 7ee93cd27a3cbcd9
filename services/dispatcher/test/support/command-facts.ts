/** Facts and commands of one made-up page, for tests. */
import { createSecretKey } from 'node:crypto'
import type { NotificationEvent, Notify, RequestOptIn } from '@otn/contracts'
import {
  commandId,
  DAY_MS,
  type EventId,
  messageId,
  type PersonId,
  pageId,
  pageScopedUserId,
  type TokenId,
  tokenId,
} from '@otn/kernel'
import type { NotifySettings, RequestSettings } from '@otn/policy'
import { createIdentity } from '@otn/vault'
import { type Command, evolve, newCommand } from '../../src/domain/command.ts'
import {
  type CommandDocument,
  newDocument,
  type StoredCommand,
  type StoredFact,
  type WrittenFact,
} from '../../src/domain/document.ts'
import { type FactDraft, nameFact } from '../../src/domain/fact-draft.ts'
import type { ThreadSettings } from '../../src/domain/thread.ts'

export const NOW = Date.parse('2026-06-01T12:00:00Z')
export const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))
export const PAGE = pageId('1000')
const PSID = pageScopedUserId('2000')
export const PERSON: PersonId = identity.person(PAGE, PSID)
export const T1: TokenId = tokenId('1'.repeat(32))
export const T2: TokenId = tokenId('2'.repeat(32))
export const MID = messageId('m_1')

/** As the settings' defaults. */
export const ASKING: RequestSettings = {
  ...{ personalData: 'refuse', sensitiveWords: 'refuse', chainConsent: 'flag' },
  ...{ personMax: 3, pageMax: 100, periodMs: DAY_MS, openMs: 7 * DAY_MS },
}

export const NOTIFYING: NotifySettings = {
  ...{ kindsOff: [], routesOff: [], windowGuard: 'refuse' },
  ...{ personalData: 'flag', sensitiveWords: 'flag' },
  tags: [{ pageId: null, tag: 'HUMAN_AGENT' }],
}

export const THREADS: ThreadSettings = { appId: '4711', policy: 'wait', controlMs: DAY_MS }

export function request(values: Partial<RequestOptIn> = {}): RequestOptIn {
  const who = { commandId: commandId('r-1'), pageId: PAGE, psid: PSID }
  return { ...who, topic: 'restock-1234', context: 'shop-7', title: 'Tell you?', ...values }
}

export function notify(values: Partial<Notify> = {}): Notify {
  const who = { commandId: commandId('c-1'), pageId: PAGE }
  return { ...who, psid: PSID, topic: 'restock-1234', text: 'It is back.', ...values }
}

export function command(values: Partial<Command> = {}): Command {
  const heading = { pageId: PAGE, commandId: commandId('c-1'), digest: 'd'.repeat(64) }
  const how = { route: 'TOKEN', asks: null, campaignId: null } as const
  const asked = { topic: 'restock-1234', requestedBy: 'shop', requestedAt: NOW, ...how }
  return { ...newCommand({ ...heading, ...asked }, PERSON), ...values }
}

/** The fact that a draft becomes; Scheduled with a made-up seal. */
export function fact(of: Command, draft: FactDraft, nowMs = NOW): NotificationEvent {
  const named = nameFact(of, draft, { identity, nowMs, person: null })
  if (named.type !== 'NotificationScheduled') return named
  return { ...named, keyId: 'k1', sealed: Buffer.from('sealed') }
}

export function written(of: Command, draft: FactDraft): WrittenFact {
  const event = fact(of, draft)
  return { event, stored: storedFact(event.eventId) }
}

export function storedFact(eventId: EventId | string): StoredFact {
  return { eventId, key: PERSON, value: Buffer.from(eventId), headers: {} }
}

export function document(values: Partial<CommandDocument> = {}): CommandDocument {
  return { ...newDocument({ command: command(), content: null, giveUpAt: null }), ...values }
}

export function stored(values: Partial<StoredCommand> = {}): StoredCommand {
  return {
    ...document(values),
    id: `${PAGE}:c-1`,
    revision: 1,
    doubtMs: 0,
    isTaken: false,
    ...values,
  }
}

/** The command after these drafts, each a second later than the one before. */
export function after(...drafts: readonly FactDraft[]): Command {
  return history(drafts).reduce(evolved, command())
}

export function history(drafts: readonly FactDraft[]): readonly NotificationEvent[] {
  return drafts.map((draft, index) => fact(command(), draft, NOW + index * 1000))
}

const evolved = (known: Command, event: NotificationEvent) => evolve(known, event)

export const attempted = (attempt: number, token: TokenId | null = T1): FactDraft => ({
  type: 'NotificationAttempted',
  attempt,
  tokenId: token,
})

export const sent = (attempt: number, token: TokenId | null = T1): FactDraft => ({
  type: 'NotificationSent',
  attempt,
  tokenId: token,
  certainty: 'CONFIRMED',
  messageId: MID,
})

export const failed = (attempt: number, tokenReleased: boolean | null, token = T1): FactDraft => ({
  type: 'NotificationFailed',
  attempt,
  tokenId: attempt === 0 ? null : token,
  reason: 'graph-refused',
  tokenReleased,
})

export const inDoubt = (attempt: number, token: TokenId | null = T1): FactDraft => ({
  type: 'NotificationInDoubt',
  attempt,
  tokenId: token,
  reason: 'outcome-unknown',
})

export const scheduled = (attempt: number, token: TokenId | null = T1): FactDraft => ({
  type: 'NotificationScheduled',
  attempt,
  tokenId: attempt === 0 ? null : token,
  reason: attempt === 0 ? 'page-paused' : 'not-reached',
  dueAt: NOW + 60_000,
  tokenReleased: attempt === 0 ? null : true,
})
