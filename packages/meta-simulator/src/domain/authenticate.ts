import type { AccessToken } from './access-token.ts'
import type { Situation } from './faults.ts'
import type { GraphContext } from './graph-context.ts'
import type { GraphRequest } from './graph-request.ts'
import type { World } from './world.ts'

/** Whose token a call carries, or why it is nobody's. */
export function authenticate(
  { accessToken, parameters }: GraphRequest,
  { world, switches, nowMs }: GraphContext,
): AccessToken | Situation {
  if (accessToken === null) return 'access-token-missing'
  const known = soundToken(accessToken, world, nowMs)
  if (typeof known === 'string') return known
  const proof = parameters.appsecret_proof
  if (proof === undefined) {
    // The token of the app holds the secret itself.
    return switches.appSecretProofRequired && known.kind !== 'app' ? 'proof-missing' : known
  }
  return proof === known.proof ? known : 'proof-wrong'
}

/** A token that may be used now, or what is wrong with it. */
export function soundToken(
  accessToken: string,
  { graph }: World,
  nowMs: number,
): AccessToken | Situation {
  const known = graph.accessTokens.get(accessToken)
  if (known === undefined) {
    return /^[\w|.-]+$/.test(accessToken) ? 'access-token-invalid' : 'access-token-malformed'
  }
  const trouble = graph.troubles.get(accessToken)
  if (trouble !== undefined) return trouble
  const isOver = known.expiresAtMs !== null && nowMs >= known.expiresAtMs
  return isOver ? 'access-token-expired' : known
}
