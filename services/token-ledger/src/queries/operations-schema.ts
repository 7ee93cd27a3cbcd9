import { z } from 'zod'
import type { Digest, RebuildReport } from '../ports.ts'
import { instantSchema } from './answers.ts'

const collectionSchema = z.object({ documents: z.number().int(), sha256: z.string() })

export const collectionsSchema = z.object({
  tokens: collectionSchema,
  persons: collectionSchema,
  pages: collectionSchema,
})

const sideSchema = z.object({
  digest: z.string().describe('SHA-256 over the digests of the collections, 64 hex digits'),
  collections: collectionsSchema,
})

const comparisonSchema = z.object({
  equal: z.boolean(),
  before: sideSchema,
  after: sideSchema,
  differences: z.number().int().describe('Documents that differ'),
  different: z.array(z.string()).describe('The first few of them, as <collection>/<_id>'),
})

export const rebuildSchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  fromVersion: z.number().int(),
  toVersion: z.number().int(),
  startedAt: instantSchema.describe('By the machine clock, ms since the epoch'),
  finishedAt: instantSchema.nullable(),
  events: z.number().int(),
  eventsPerSecond: z.number().int(),
  comparison: comparisonSchema.nullable().describe('Old and new version at the same position'),
  error: z.string().nullable().describe('Code of the error that ended it'),
})

export function rebuildAnswer(report: RebuildReport): z.infer<typeof rebuildSchema> {
  const { comparison, ...rest } = report
  if (comparison === null) return { ...rest, comparison: null }
  const { before, after, differences, different } = comparison
  const told = { equal: differences === 0, before: side(before), after: side(after), differences }
  return { ...rest, comparison: { ...told, different: [...different] } }
}

function side({ total, collections }: Digest): z.infer<typeof sideSchema> {
  return { digest: total, collections }
}
