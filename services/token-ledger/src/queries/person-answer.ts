import { z } from 'zod'
import { standingLink } from '../domain/account.ts'
import { attributionOf, type Entry } from '../domain/entry.ts'
import { type PersonDocument, threadOwner, windowOpenUntil } from '../domain/person.ts'
import type { PersonOnPage } from '../ports.ts'
import type { PersonalVault } from '../vault-ports.ts'
import { instantSchema } from './answers.ts'

const personal = 'For keys with the scope personal only'

const entrySchema = z.object({
  kind: z.enum(['referral', 'plugin']),
  source: z.string().nullable().describe('As the platform names it; null = it does not say'),
  at: instantSchema,
  ref: z.string().nullable().optional().describe(`What the link or plugin carried. ${personal}`),
  userRef: z.string().nullable().optional().describe(`Of the checkbox plugin. ${personal}`),
})

export const personSchema = z.object({
  pageId: z.string(),
  person: z.string().describe('Pseudonym on this page'),
  windowOpenUntil: instantSchema
    .nullable()
    .describe('End of the 24-hour window; null = never open'),
  threadOwner: z.string().nullable().describe('App id; null = nobody, or nobody ever said'),
  attribution: z
    .string()
    .describe(
      'What brought the person to the page first; `unknown` = nobody said, as after a search',
    ),
  entries: z.array(entrySchema).describe('The first and the latest, oldest first'),
  account: z
    .object({
      linkedAt: instantSchema,
      externalUserId: z.string().nullable().optional().describe(personal),
    })
    .nullable()
    .describe("Account of the page's own site that the person linked; null = none now"),
})

type PersonAnswer = z.infer<typeof personSchema>

interface Answering {
  readonly tapOpensWindow: boolean
  /** Given for keys with the scope `personal` alone. */
  readonly vault?: PersonalVault
}

/** @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN where what is sealed is asked for */
export function personAnswer(
  { pageId, person }: PersonOnPage,
  document: PersonDocument,
  { tapOpensWindow, vault }: Answering,
): PersonAnswer {
  const { entries = [], accounts } = document
  const link = accounts === undefined ? null : standingLink(accounts)
  const opened = (fact: Pick<Entry, 'eventId' | 'keyId' | 'sealed'>) =>
    vault?.openEngagement({ ...fact, person })
  const sealedIn = (entry: Entry) => {
    const content = opened(entry)
    return content && { ref: content.ref, userRef: content.userRef }
  }
  const linked = link && { linkedAt: link.at, ...userOf(opened(link)) }
  return {
    pageId,
    person,
    windowOpenUntil: windowOpenUntil(document, { tapOpensWindow }),
    threadOwner: threadOwner(document),
    attribution: attributionOf(entries),
    entries: entries.map((entry) => {
      const { type, source, at } = entry
      const kind = type === 'ReferralReceived' ? ('referral' as const) : ('plugin' as const)
      return { kind, source, at, ...sealedIn(entry) }
    }),
    account: linked,
  }
}

function userOf(content: { readonly externalUserId: string | null } | undefined) {
  return content && { externalUserId: content.externalUserId }
}
