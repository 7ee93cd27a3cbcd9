import type { AccessToken } from '../access-token.ts'
import { soundToken } from '../authenticate.ts'
import { faultOf } from '../faults.ts'
import { success } from '../graph-answer.ts'
import { type GraphCall, textParameter } from '../graph-call.ts'
import type { JsonObject } from '../json-object.ts'
import type { Outcome } from '../judgement.ts'
import { adminId } from './user.ts'

/** `GET /debug_token`: what a token is good for. Asking about a dead one is no error. */
export function debugToken(call: GraphCall): Outcome {
  const { context } = call
  const input = textParameter(call, 'input_token')
  if (typeof input !== 'string') return input
  const sound = soundToken(input, context.world, context.nowMs)
  const known = context.world.graph.accessTokens.get(input)
  const about = known === undefined ? {} : describe(known, call)
  if (typeof sound !== 'string') {
    return { answer: success({ data: { ...about, is_valid: true } }), facts: [] }
  }
  const { code, message, subcode } = faultOf(sound, context.switches.answers)
  const error = { code, message, ...(subcode === undefined ? {} : { subcode }) }
  const data = { ...about, error, is_valid: false, scopes: [] }
  return { answer: success({ data }), facts: [] }
}

function describe(token: AccessToken, { context }: GraphCall): JsonObject {
  const { app } = context.world.graph
  const { kind, pageId, scopes, expiresAtMs, issuedAtMs } = token
  return {
    app_id: app.appId,
    type: kind.toUpperCase(),
    application: app.name,
    data_access_expires_at: 0,
    // Seconds; 0 = never.
    expires_at: expiresAtMs === null ? 0 : Math.floor(expiresAtMs / 1000),
    ...(issuedAtMs === null ? {} : { issued_at: Math.floor(issuedAtMs / 1000) }),
    ...(kind === 'page' ? { profile_id: pageId } : {}),
    scopes,
    granular_scopes: scopes.map((scope) => ({
      scope,
      ...(kind === 'page' ? { target_ids: [pageId] } : {}),
    })),
    ...(kind === 'app' ? {} : { user_id: adminId }),
  }
}
