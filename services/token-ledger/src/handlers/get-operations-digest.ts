import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { namedOffsets } from '../queries/named-offsets.ts'
import { collectionsSchema } from '../queries/operations-schema.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const answerSchema = z.object({
  digest: z.string().describe('SHA-256 over the digests of the collections, 64 hex digits'),
  collections: collectionsSchema,
  version: z.number().int(),
  topics: z.record(z.string(), z.array(z.string())).describe('Next offsets when it was begun'),
  atRest: z.boolean().describe('False where facts were folded meanwhile: ask again'),
})

/** `GET /v1/operations/digest`: one number for the whole read model; it reads every document. */
export function getOperationsDigest(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Digest of the read model',
    tags: ['operations'],
    response: { 200: answerSchema },
  }
  const onRequest = parts.mayCall('operations')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/operations/digest', { schema, onRequest }, async () => {
    const { digest, version, offsets, isAtRest } = await parts.operations.digest()
    const { total, collections } = digest
    const topics = namedOffsets(offsets, parts)
    return { digest: total, collections, version, topics, atRest: isAtRest }
  })
}
