/** `OTN_PAGES_FILE`: the pages of a deployment, as people write them down. */
import { appError, isTopic } from '@otn/kernel'
import { RE2JS } from 're2js'
import { z } from 'zod'

const PATTERN_CHARACTERS_MAX = 512

const decimal = z.string('decimal digits, as a text').regex(/^\d{1,32}$/, 'decimal digits')
const topic = z
  .string('a topic')
  .refine(isTopic, 'a topic: 1 to 64 of a-z 0-9 . _ -, a letter or digit first')
const line = (max: number) =>
  z
    .string(`a text of 1 to ${max} characters`)
    .min(1, 'a text')
    .max(max, `at most ${max} characters`)

export interface DeclaredTopic {
  readonly topic: string
  readonly name?: string | undefined
  readonly purpose?: string | undefined
  readonly category?: string | undefined
}

const topicSchema = z.union([
  topic.transform((name): DeclaredTopic => ({ topic: name })),
  z.strictObject({
    topic,
    name: line(200).optional(),
    purpose: line(1000).optional(),
    category: line(200).optional(),
  }),
])

const ruleId = z
  .string('a name')
  .regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 . _ -')
  .refine((id) => id !== 'otn1', 'another name: otn1 is the rule of our own payloads')
const priority = z.int('a whole number').min(0, '0 or more').max(1_000_000, 'at most 1000000')
const pattern = line(PATTERN_CHARACTERS_MAX)
const compared = { ruleId, priority: priority.optional(), pattern, topic }

const ruleSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('exact'), ...compared }),
    z.strictObject({ kind: z.literal('prefix'), ...compared }),
    z.strictObject({
      kind: z.literal('regexp'),
      ...compared,
      pattern: pattern.refine(isRegularExpression, 'a regular expression in RE2 syntax'),
    }),
    z.strictObject({ kind: z.literal('identity'), ruleId, priority: priority.optional() }),
  ],
  'one of exact, prefix, regexp, identity',
)

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
  topicRules: z.array(ruleSchema, 'a list').default([]),
})

const fileSchema = z
  .array(pageSchema, 'a list of pages: [{ pageId, name, appId, accessToken, topics, topicRules }]')
  .superRefine((pages, context) => {
    reportRepeats(
      pages.map(({ pageId }) => pageId),
      (at) => [at, 'pageId'],
      context,
    )
    for (const [at, { topics, topicRules }] of pages.entries()) {
      const path = (list: string, name: string) => (index: number) => [at, list, index, name]
      reportRepeats(
        topics.map((one) => one.topic),
        path('topics', 'topic'),
        context,
      )
      reportRepeats(
        topicRules.map((one) => one.ruleId),
        path('topicRules', 'ruleId'),
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
  const faults = parsed.error.issues.flatMap(flattened).map(describe)
  const message = `${faults.length} faults in the pages\n${faults.join('\n')}`
  throw appError('OTN_CONFIG_INVALID', { message, publicMessage: message })
}

type Issue = z.core.$ZodIssue

/** A union says only that nothing fitted; its branch with the fewest faults says why. */
function flattened(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [best = []] = issue.errors.toSorted((a, b) => a.length - b.length)
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function describe(issue: Issue): string {
  const path = issue.path.map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  )
  const field = `pages${path.join('')}`
  if (issue.code === 'unrecognized_keys') return `  ${field}: unknown ${issue.keys.join(', ')}`
  const isSecret = issue.path.includes('accessToken')
  return `  ${field}: got ${shown(issue.input, isSecret)}, wanted ${issue.message}`
}

function shown(input: unknown, isSecret: boolean): string {
  if (input === undefined) return 'nothing'
  if (isSecret) return 'something else'
  const text = JSON.stringify(input) ?? typeof input
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function isRegularExpression(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    return false
  }
}

function reportRepeats(
  names: readonly string[],
  pathOf: (index: number) => (string | number)[],
  context: z.core.$RefinementCtx,
): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue
    const message = 'each of them once'
    context.issues.push({ code: 'custom', message, input: name, path: pathOf(index) })
  }
}
