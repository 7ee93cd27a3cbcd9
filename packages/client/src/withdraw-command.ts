/** From what a caller gives to a `WithdrawConsent` record. Pure; wrong input is refused here. */
import type { WithdrawConsent } from '@otn/contracts'
import { commandId, isTopic, pageId, pageScopedUserId, personId, tokenId } from '@otn/kernel'
import { type Fault, measured, shown } from './fault.ts'
import {
  branded,
  type Circumstances,
  idFaults,
  isObject,
  type Loose,
  PSID_RULE,
  TOKEN_ID_RULE,
  textOf,
  unknownFields,
} from './given-fields.ts'
import type { WithdrawInput } from './notifier.ts'

const FIELDS = ['pageId', 'consent', 'idempotencyKey']
const WHOSE = ['psid', 'person', 'tokenId'] as const
const TOPIC_WANTED = 'a topic: 1 to 64 of a-z 0-9 . _ -, a letter or digit first'

/** The command, or everything that is wrong with the input at once. */
export function withdrawCommand(
  input: WithdrawInput,
  { newId, source, nowMs }: Circumstances,
): { readonly command: WithdrawConsent } | { readonly faults: readonly Fault[] } {
  const given: Loose = isObject(input) ? input : {}
  const consent: Loose = isObject(given.consent) ? given.consent : {}
  const faults = [
    ...unknownFields(given, { known: FIELDS, inside: '' }),
    ...unknownFields(consent, { known: [...WHOSE, 'topic'], inside: 'consent.' }),
    ...idFaults(given),
    ...consentFaults(consent),
  ]
  if (faults.length > 0) return { faults }
  const command = {
    commandId: commandId(textOf(given.idempotencyKey) ?? newId),
    pageId: pageId(String(given.pageId)),
    psid: branded(consent.psid, pageScopedUserId),
    person: branded(consent.person, personId),
    tokenId: branded(consent.tokenId, tokenId),
    externalUserId: null,
    topic: textOf(consent.topic),
    reason: null,
    requestedBy: source,
    requestedAt: nowMs,
  }
  return { command }
}

const RULES = {
  psid: PSID_RULE,
  person: {
    fits: (value: unknown) => /^[A-Za-z0-9_-]{22}$/.test(textOf(value) ?? ''),
    wanted: 'a pseudonym (22 characters)',
  },
  tokenId: TOKEN_ID_RULE,
} as const

function* consentFaults(consent: Loose): Iterable<Fault> {
  const given = WHOSE.filter((name) => consent[name] !== undefined)
  const [name] = given
  const hasTopic = consent.topic !== undefined
  if (given.length > 1 || (given.length === 0 && !hasTopic)) {
    const got = given.length > 1 ? given.join(' and ') : 'none of them'
    yield { field: 'consent', got, wanted: `one of ${WHOSE.join(', ')}, or a topic` }
  } else if (name !== undefined && !RULES[name].fits(consent[name])) {
    const { wanted } = RULES[name]
    yield { field: `consent.${name}`, got: measured(consent[name]), wanted }
  }
  if (!hasTopic) return
  if (consent.tokenId !== undefined) {
    yield { field: 'consent.topic', got: shown(consent.topic), wanted: 'none beside a tokenId' }
  } else if (!isTopic(textOf(consent.topic) ?? '')) {
    yield { field: 'consent.topic', got: shown(consent.topic), wanted: TOPIC_WANTED }
  }
}
