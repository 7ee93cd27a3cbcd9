import { DAY_MS } from '@otn/kernel'
import { soundToken } from '../authenticate.ts'
import { success } from '../graph-answer.ts'
import type { GraphContext } from '../graph-context.ts'
import type { GraphRequest } from '../graph-request.ts'
import { invalid, type Outcome } from '../judgement.ts'

/** "about 60 days" of the guide to long-lived tokens. */
const LONG_LIFE_MS = 60 * DAY_MS

/** `GET /oauth/access_token`: a short-lived user token becomes a long-lived one. */
export function exchangeToken({ parameters }: GraphRequest, context: GraphContext): Outcome {
  const { world, nowMs } = context
  const { grant_type: grant, client_id: id, client_secret: secret } = parameters
  if (grant !== 'fb_exchange_token') return invalid('The parameter grant_type is not known')
  const isText = typeof id === 'string' && typeof secret === 'string'
  if (!isText || `${id}|${secret}` !== world.graph.app.accessToken)
    return { situation: 'client-secret-wrong' }
  const given = parameters.fb_exchange_token
  if (typeof given !== 'string') return invalid('The parameter fb_exchange_token is required')
  const known = soundToken(given, world, nowMs)
  if (typeof known === 'string') return { situation: known }
  if (known.kind !== 'user') return { situation: 'access-token-invalid' }
  const issued = {
    ...known,
    ...context.mint(),
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + LONG_LIFE_MS,
  }
  const expires = Math.floor(LONG_LIFE_MS / 1000)
  return {
    answer: success({
      access_token: issued.accessToken,
      token_type: 'bearer',
      expires_in: expires,
    }),
    facts: [{ type: 'AccessTokenIssued', issued }],
  }
}
