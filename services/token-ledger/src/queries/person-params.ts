import { isPageScopedUserId, type PersonId, pageId, pageScopedUserId, personId } from '@otn/kernel'
import { z } from 'zod'
import { pageIdSchema } from './answers.ts'
import type { QueryParts } from './query-parts.ts'

/** Decimal digits are a PSID, 22 characters of base64url a pseudonym: no text can be both. */
const PERSON = /^(?:\d{1,20}|[A-Za-z0-9_-]{22})$/

export const personParams = z.object({
  pageId: pageIdSchema,
  person: z
    .string()
    .regex(PERSON, 'a person is a PSID (digits) or a pseudonym (22 characters)')
    .describe('PSID or pseudonym; a PSID is neither stored nor logged'),
})

export function personNamed(
  params: z.infer<typeof personParams>,
  { identity }: Pick<QueryParts, 'identity'>,
): PersonId {
  if (!isPageScopedUserId(params.person)) return personId(params.person)
  return identity.person(pageId(params.pageId), pageScopedUserId(params.person))
}
