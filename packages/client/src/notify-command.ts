/**
 * From what a caller gives to a `Notify` record. Pure. Refuses here what the dispatcher would
 * refuse anyway, so that a mistake shows where it was made.
 */
import type { Notify } from '@otn/contracts'
import { canonicalJson, commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { messageTags, readMessage, routes } from '@otn/policy'
import { type Fault, measured, shown } from './fault.ts'
import {
  branded,
  type Circumstances,
  idFaults,
  isObject,
  type Loose,
  PSID_RULE,
  recipientFaults,
  TOKEN_ID_RULE,
  textOf,
  timeZoneFaults,
  topicFaults,
  unknownFields,
  VISIBLE,
} from './given-fields.ts'
import { readInstant } from './instant.ts'
import type { NotifyInput } from './notifier.ts'

const TEXT_CHARACTERS_END = 2000
const NO_TAG = 'none: only route TAG takes one'
const EXTERNAL_ID_CHARACTERS_MAX = 256
const FIELDS = [
  ...['pageId', 'to', 'text', 'message', 'route', 'tag'],
  ...['idempotencyKey', 'notBefore', 'giveUpAt', 'timeZone'],
]
/** Names the person, so that no token is looked for, and no topic is needed. */
const BY_PERSON: ReadonlySet<unknown> = new Set(['WINDOW', 'TAG'])

/** The command, or everything that is wrong with the input at once. */
export function notifyCommand(
  input: NotifyInput,
  { newId, source, nowMs }: Circumstances,
): { readonly command: Notify } | { readonly faults: readonly Fault[] } {
  const given: Loose = isObject(input) ? input : {}
  const to: Loose = isObject(given.to) ? given.to : {}
  const notBefore = readInstant('notBefore', given.notBefore)
  const giveUpAt = readInstant('giveUpAt', given.giveUpAt)
  const faults = [
    ...unknownFields(given, { known: FIELDS, inside: '' }),
    ...unknownFields(to, { known: [...Object.keys(RECIPIENT_RULES), 'topic'], inside: 'to.' }),
    ...idFaults(given),
    ...recipientFaults(to, RECIPIENT_RULES),
    ...(BY_PERSON.has(given.route) && to.topic === undefined ? [] : topicFaults(to)),
    ...routeFaults(given, to),
    ...contentFaults(given),
    ...notBefore.faults,
    ...giveUpAt.faults,
    ...orderFaults(notBefore.ms, giveUpAt.ms),
    ...timeZoneFaults(given),
  ]
  if (faults.length > 0) return { faults }
  const command = {
    commandId: commandId(textOf(given.idempotencyKey) ?? newId),
    pageId: pageId(String(given.pageId)),
    psid: branded(to.psid, pageScopedUserId),
    tokenId: branded(to.tokenId, tokenId),
    externalUserId: textOf(to.externalUserId),
    topic: textOf(to.topic),
    text: textOf(given.text),
    message: isObject(given.message) ? canonicalJson(given.message) : null,
    route: textOf(given.route),
    tag: textOf(given.tag),
    notBefore: notBefore.ms,
    giveUpAt: giveUpAt.ms,
    timeZone: textOf(given.timeZone),
    requestedBy: source,
    requestedAt: nowMs,
  }
  return { command }
}

const RECIPIENT_RULES = {
  psid: PSID_RULE,
  tokenId: TOKEN_ID_RULE,
  externalUserId: {
    fits: (value: unknown) => isText(value, EXTERNAL_ID_CHARACTERS_MAX),
    wanted: 'a text of 1 to 256 characters',
  },
} as const

/** Of what goes out: a text or a message. */
export function* contentFaults({ text, message }: Loose): Iterable<Fault> {
  if ((text === undefined) === (message === undefined)) {
    const got = text === undefined ? 'neither' : 'both'
    yield { field: 'text', got, wanted: 'exactly one of text, message' }
  } else if (text !== undefined && !isVisibleText(text)) {
    yield { field: 'text', got: measured(text), wanted: 'a visible text below 2000 characters' }
  } else if (message !== undefined && !isObject(message)) {
    yield { field: 'message', got: measured(message), wanted: 'a Send API message (an object)' }
  } else if (isObject(message)) {
    yield* messageFaults(message)
  }
}

/** By the rules that the dispatcher judges by. */
function* messageFaults(message: Loose): Iterable<Fault> {
  const { fault } = readMessage(canonicalJson(message))
  if (fault !== null)
    yield { field: 'message', got: fault.fault, wanted: 'what the Send API takes' }
}

function* routeFaults({ route, tag }: Loose, to: Loose): Iterable<Fault> {
  if (route !== undefined && !routes.some((known) => known === route)) {
    yield { field: 'route', got: shown(route), wanted: `one of ${routes.join(', ')}` }
  } else if (BY_PERSON.has(route) && to.psid === undefined && to.externalUserId === undefined) {
    const wanted = `a psid or an externalUserId: route ${String(route)} spends no token`
    yield { field: 'to', got: 'neither', wanted }
  }
  if (route === 'TAG' ? !messageTags.has(textOf(tag) ?? '') : tag !== undefined) {
    const wanted = route === 'TAG' ? `one of ${[...messageTags.keys()].join(', ')}` : NO_TAG
    yield { field: 'tag', got: shown(tag), wanted }
  }
}

function* orderFaults(notBefore: number | null, giveUpAt: number | null): Iterable<Fault> {
  if (notBefore === null || giveUpAt === null || giveUpAt > notBefore) return
  yield { field: 'giveUpAt', got: String(giveUpAt), wanted: `an instant after notBefore` }
}

function isVisibleText(value: unknown): boolean {
  const text = textOf(value) ?? ''
  return text.length < TEXT_CHARACTERS_END && VISIBLE.test(text)
}

function isText(value: unknown, charactersMax: number): boolean {
  const length = textOf(value)?.length ?? 0
  return length > 0 && length <= charactersMax
}
