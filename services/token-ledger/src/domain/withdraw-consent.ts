/**
 * What a `WithdrawConsent` command comes to. A person's no outranks form: parked is only what
 * leaves open whom or what it concerns; any reason and any clock of the caller will do.
 */

import type { WithdrawConsent } from '@otn/contracts'
import { type ConsentWithdrawn, isReasonCode, type ReasonCode } from '@otn/contracts'
import {
  type CommandId,
  type Identity,
  isPageScopedUserId,
  isTopic,
  type PageId,
  type PersonId,
} from '@otn/kernel'

const COMMAND_ID_CHARACTERS_MAX = 128
/** A fact repeats who asked: a text without end would make a fact that no broker takes. */
const NAME_CHARACTERS_MAX = 256
const PAGE_ID = /^\d{1,32}$/
const PERSON_ID = /^[A-Za-z0-9_-]{22}$/
const TOKEN_ID = /^[0-9a-f]{32}$/
const CONTROL = /\p{Cc}/u

export interface CommandFault {
  readonly reason: ReasonCode
  /** Names the field, never what it holds. */
  readonly detail: string
}

/** The ids that can be repeated elsewhere, whatever else is wrong. */
export function usableIds(ids: Pick<WithdrawConsent, 'pageId' | 'commandId'>): {
  readonly pageId: PageId | null
  readonly commandId: CommandId | null
} {
  const { pageId, commandId } = ids
  const isSized = commandId.length > 0 && commandId.length <= COMMAND_ID_CHARACTERS_MAX
  const isUsable = isSized && !CONTROL.test(commandId) && commandId.isWellFormed()
  return {
    pageId: PAGE_ID.test(pageId) ? pageId : null,
    commandId: isUsable ? commandId : null,
  }
}

/** The first rule that the command breaks; null where it says whom or what it concerns. */
export function faultOf(command: WithdrawConsent): CommandFault | null {
  const ids = usableIds(command)
  if (ids.commandId === null) {
    return fault('command-id-invalid', 'commandId: not 1 to 128 characters without controls')
  }
  if (ids.pageId === null) return fault('page-id-invalid', 'pageId: not decimal digits')
  return recipientFault(command) ?? topicFault(command)
}

/**
 * The fact. Its id follows from the command and from what it concerns: the same command again is
 * the same fact, and an id used for something else withdraws that too, for no reading of such a
 * command allows to go on sending.
 */
export function withdrawalOf(
  command: WithdrawConsent,
  { identity, nowMs }: { readonly identity: Identity; readonly nowMs: number },
): ConsentWithdrawn {
  const { pageId, commandId, tokenId = null, topic = null, reason, requestedBy } = command
  const person = personOf(command, identity)
  const parts = [commandId, person ?? '', tokenId ?? '', topic ?? '']
  return {
    type: 'ConsentWithdrawn',
    eventId: identity.event('ConsentWithdrawn', pageId, parts),
    pageId,
    at: nowMs,
    ...{ person, tokenId, topic },
    reason: reason && isReasonCode(reason) ? reason : 'token-withdrawn',
    // By our clock: the consents of before, also where the caller's clock lags behind the tap.
    withdrawnAt: nowMs,
    requestedBy: requestedBy?.slice(0, NAME_CHARACTERS_MAX) ?? null,
    causationId: commandId,
  }
}

function personOf({ pageId, psid, person }: WithdrawConsent, identity: Identity): PersonId | null {
  return isGiven(psid) ? identity.person(pageId, psid) : (person ?? null)
}

const RECIPIENTS = ['psid', 'person', 'tokenId', 'externalUserId'] as const
const SHAPES = {
  psid: isPageScopedUserId,
  person: (text: string) => PERSON_ID.test(text),
  tokenId: (text: string) => TOKEN_ID.test(text),
} as const

function recipientFault(command: WithdrawConsent): CommandFault | null {
  const given = RECIPIENTS.filter((name) => isGiven(command[name]))
  const [name] = given
  if (given.length > 1) return fault('recipient-ambiguous', `${given.join(' and ')}: one of them`)
  if (name === undefined) {
    if (isGiven(command.topic)) return null
    return fault('recipient-missing', `${RECIPIENTS.join(', ')} or topic: none is given`)
  }
  // A no must not wait for links to be read, nor fall upon whom the account goes to meanwhile.
  if (name === 'externalUserId') return fault('external-user-unknown', 'externalUserId: unknown')
  if (SHAPES[name](command[name] ?? '')) return null
  return fault('recipient-invalid', `${name}: no id of its kind`)
}

function topicFault({ topic, tokenId }: WithdrawConsent): CommandFault | null {
  if (!isGiven(topic)) return null
  if (isGiven(tokenId)) return fault('recipient-ambiguous', 'tokenId and topic: one of them')
  return isTopic(topic) ? null : fault('topic-invalid', 'topic: not 1 to 64 of [a-z0-9._-]')
}

function fault(reason: ReasonCode, detail: string): CommandFault {
  return { reason, detail }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
