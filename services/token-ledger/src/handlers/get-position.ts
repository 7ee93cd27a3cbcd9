import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { instantSchema } from '../queries/answers.ts'
import { namedOffsets } from '../queries/named-offsets.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const answerSchema = z.object({
  topics: z
    .record(z.string(), z.array(z.string()))
    .describe('Per Kafka topic the next offset of each partition, as decimal text'),
  at: instantSchema,
})

/** `GET /v1/position`: how far the log is folded; everything below these offsets is in answers. */
export function getPosition(app: HttpServer, parts: QueryParts): void {
  const schema = { summary: 'How far the log is folded', response: { 200: answerSchema } }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/position', { schema, onRequest }, async () => {
    const offsets = await parts.operations.position()
    return { topics: namedOffsets(offsets, parts), at: parts.calendar().nowMs }
  })
}
