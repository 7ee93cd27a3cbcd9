/** `OTN_PAGES_FILE`: the pages of a deployment, as people write them down. */
import { z } from 'zod'
import { invalid, reportRepeats } from './faults.ts'
import { type DeclaredTopic, line, rulesSchema, topicName, topicObject } from './topic-entry.ts'

const decimal = z.string('decimal digits, as a text').regex(/^\d{1,32}$/, 'decimal digits')

const topicSchema = z.union([
  topicName.transform((name): DeclaredTopic => ({ topic: name })),
  topicObject,
])

const pageSchema = z.strictObject({
  pageId: decimal,
  name: line(200),
  appId: decimal,
  accessToken: z.string('the page access token').regex(/^\S{1,1000}$/, 'one word'),
  graphVersion: z
    .string()
    .regex(/^v\d+\.\d+$/, 'a version such as v21.0')
    .optional(),
  topics: z.array(topicSchema, 'a list').default([]),
  /** Left out: the rules that stand on the log stay. */
  topicRules: rulesSchema.optional(),
})

const fileSchema = z
  .array(pageSchema, 'a list of pages: [{ pageId, name, appId, accessToken, topics, topicRules }]')
  .superRefine((pages, context) => {
    reportRepeats(
      pages.map(({ pageId }) => pageId),
      (at) => [at, 'pageId'],
      context,
    )
    for (const [at, { topics }] of pages.entries()) {
      reportRepeats(
        topics.map((one) => one.topic),
        (index) => [at, 'topics', index, 'topic'],
        context,
      )
    }
  })

/** A page as the file may say it: `topics` also as plain names, lists may be left out. */
export type PageEntry = z.input<typeof pageSchema>
/** A page with everything filled in. */
export type Page = z.output<typeof pageSchema>

/**
 * Checks pages.
 * @throws OTN_CONFIG_INVALID with every fault at once: field, what came, what was wanted
 */
export function readPages(content: unknown): readonly Page[] {
  const parsed = fileSchema.safeParse(content, { reportInput: true })
  if (parsed.success) return parsed.data
  throw invalid('pages', parsed.error)
}
