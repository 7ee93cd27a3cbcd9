import { createHmac } from 'node:crypto'
import type { Secret } from '@otn/kernel'

export interface ProofInput {
  readonly pageAccessToken: Secret
  readonly appSecret: Secret
}

/**
 * Proof that the caller of a page access token also holds the app secret: HMAC-SHA256 of the token
 * under the secret, 64 lower-case hex digits. It works with this token only, so it is as secret.
 * @see Graph API documentation, "Securing Graph API Requests"
 */
export function appSecretProof({ pageAccessToken, appSecret }: ProofInput): string {
  return createHmac('sha256', appSecret.reveal()).update(pageAccessToken.reveal()).digest('hex')
}
