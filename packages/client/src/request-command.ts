/**
 * From what a caller gives to a `RequestOptIn` record. Pure. Refuses here what the dispatcher would
 * refuse by the command's words alone; how strict its guard of personal data is, it knows itself.
 */
import type { RequestOptIn } from '@otn/contracts'
import { commandId, isContext, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { type Fault, measured } from './fault.ts'
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
import type { RequestOptInInput } from './notifier.ts'

/** Counted in UTF-16 code units (One-Time Notification guide, "title"). */
const TITLE_UNITS_MAX = 65
const FIELDS = ['pageId', 'to', 'title', 'context', 'idempotencyKey', 'giveUpAt', 'timeZone']
const RECIPIENT_RULES = { psid: PSID_RULE, tokenId: TOKEN_ID_RULE } as const

/** The command, or everything that is wrong with the input at once. */
export function requestCommand(
  input: RequestOptInInput,
  { newId, source, nowMs }: Circumstances,
): { readonly command: RequestOptIn } | { readonly faults: readonly Fault[] } {
  const given: Loose = isObject(input) ? input : {}
  const to: Loose = isObject(given.to) ? given.to : {}
  const giveUpAt = readInstant('giveUpAt', given.giveUpAt)
  const faults = [
    ...unknownFields(given, { known: FIELDS, inside: '' }),
    ...unknownFields(to, { known: [...Object.keys(RECIPIENT_RULES), 'topic'], inside: 'to.' }),
    ...idFaults(given),
    ...recipientFaults(to, RECIPIENT_RULES),
    ...topicFaults(to),
    ...wordFaults(given),
    ...giveUpAt.faults,
    ...timeZoneFaults(given),
  ]
  if (faults.length > 0) return { faults }
  const command = {
    commandId: commandId(textOf(given.idempotencyKey) ?? newId),
    pageId: pageId(String(given.pageId)),
    psid: branded(to.psid, pageScopedUserId),
    tokenId: branded(to.tokenId, tokenId),
    topic: textOf(to.topic),
    context: textOf(given.context),
    title: textOf(given.title),
    requestedBy: source,
    requestedAt: nowMs,
    giveUpAt: giveUpAt.ms,
    timeZone: textOf(given.timeZone),
  }
  return { command }
}

function* wordFaults({ title, context }: Loose): Iterable<Fault> {
  const text = textOf(title) ?? ''
  const isPlain = !/\p{Cc}/u.test(text) && text.isWellFormed()
  if (!VISIBLE.test(text) || text.length > TITLE_UNITS_MAX || !isPlain) {
    const wanted = `a visible line of at most ${TITLE_UNITS_MAX} UTF-16 code units`
    yield { field: 'title', got: measured(title), wanted }
  }
  if (context !== undefined && !isContext(textOf(context) ?? ' ')) {
    const wanted = 'at most 128 characters of A-Z a-z 0-9 . _ ~ -, nothing personal'
    yield { field: 'context', got: measured(context), wanted }
  }
}
