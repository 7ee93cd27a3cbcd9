import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import type { DigestReport, MayCall } from '../inbox-ports.ts'

const answerSchema = z.object({
  digest: z.string().describe('SHA-256 over all commands in the order of their ids, 64 hex digits'),
  collections: z.object({
    commands: z.object({ documents: z.number().int(), sha256: z.string() }),
  }),
  owed: z.number().int().describe('Commands that something is left to do about'),
  atRest: z.boolean().describe('False where something is under way: ask again'),
})

/** `GET /v1/operations/digest`: one number for all claims; it reads every document. */
export function getOperationsDigest(
  app: HttpServer,
  { digest, mayCall }: { readonly digest: () => Promise<DigestReport>; readonly mayCall: MayCall },
): void {
  const schema = {
    summary: 'Digest of the claims',
    tags: ['operations'],
    response: { 200: answerSchema },
  }
  const onRequest = mayCall('operations')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/operations/digest', { schema, onRequest }, async () => {
    const { documents, owed, sha256 } = await digest()
    return {
      digest: sha256,
      collections: { commands: { documents, sha256 } },
      owed,
      atRest: owed === 0,
    }
  })
}
