/** Rows of the answer table that are changed, added or gone, as people write them down. */
import { answerTable } from '@otn/graph-api/answers'
import type { ShadowRow } from '@otn/shadow'
import { z } from 'zod'
import { invalid } from '../pages/faults.ts'

const CODE = /^\d{1,9}(?:\/(?:\d{1,9}|\*))?$/
const known = answerTable.map(({ id }) => id)

const verdict = z.discriminatedUnion(
  'class',
  [
    z.strictObject({ class: z.literal('throttled'), scope: z.enum(['app', 'page']) }),
    z.strictObject({ class: z.literal('unknown'), probe: z.enum(['allowed', 'never']) }),
    z.strictObject({ class: z.literal('refused') }),
    z.strictObject({ class: z.literal('token-refused'), verdict: z.enum(['suspect', 'dead']) }),
    z.strictObject({
      class: z.literal('page-stopped'),
      standing: z.enum(['auth-lost', 'blocked', 'capability-missing']),
      affects: z.enum(['page', 'optin-requests']),
    }),
  ],
  'a class: throttled, unknown, refused, token-refused, page-stopped',
)

const row = z.strictObject({
  id: z.string('a name').regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'words in small letters, by hyphens'),
  codes: z
    .array(z.string().regex(CODE, 'a code: 100, 10/2018278, 190/*'))
    .min(1, 'at least one code'),
  on: z.enum(['any', 'token', 'psid']).default('any'),
  text: z.string('words of the text of the platform').nullable().default(null),
  verdict,
})

const fileSchema = z.strictObject(
  {
    rows: z.array(row, 'a list of rows').default([]),
    without: z.array(z.enum(known, 'ids of rows: pnpm otn why CODE')).default([]),
  },
  'an object: { rows, without }',
)

/** The table with these rows in place of those of their names. @throws OTN_CONFIG_INVALID */
export function readShadowAnswers(content: unknown): readonly ShadowRow[] {
  const parsed = fileSchema.safeParse(content, { reportInput: true })
  if (!parsed.success) throw invalid('answers', parsed.error)
  const { rows, without } = parsed.data
  const gone = new Set<string>([...without, ...rows.map(({ id }) => id)])
  const changed = rows.map(({ text, codes, ...rest }): ShadowRow => {
    const words = text === null ? null : new RegExp(text.replaceAll(/[^\w ]/g, '\\$&'), 'i')
    return { ...rest, codes: codes as ShadowRow['codes'], text: words }
  })
  return [...changed, ...answerTable.filter(({ id }) => !gone.has(id))]
}
