import { appError, tokenId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { tokenView } from '../domain/token.ts'
import { tokenAnswer, tokenIdSchema, tokenSchema } from '../queries/answers.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/** `GET /v1/tokens/:tokenId`: one token as of now. 404 until its opt-in is known. */
export function getToken(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'One token',
    tags: ['tokens'],
    params: z.object({ tokenId: tokenIdSchema }),
    response: { 200: tokenSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/tokens/:tokenId', { schema, onRequest }, async ({ params, apiKey }) => {
    const id = tokenId(params.tokenId)
    const stored = await parts.served.ask(({ model }) => model.tokens.load([id], 'newest'))
    const token = stored.get(id)?.document
    const view = token ? tokenView(token) : null
    if (!token?.consent || view === null) throw unknownToken()
    const vault = apiKey?.scopes.includes('personal') ? { vault: parts.vault } : {}
    const listed = { tokenId: id, view, consent: token.consent }
    return tokenAnswer(listed, { calendar: parts.calendar(), ...vault })
  })
}

function unknownToken(): Error {
  const publicMessage = 'no token has this id, or its opt-in is not folded yet (see /v1/position)'
  return appError('OTN_HTTP_NOT_FOUND', { message: 'unknown token', publicMessage })
}
