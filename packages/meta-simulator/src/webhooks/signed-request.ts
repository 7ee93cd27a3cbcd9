import { createHmac } from 'node:crypto'

const LIFE_SECONDS = 3600

/** What the callback for data deletion is told. */
export interface DeletionRequest {
  readonly userId: string
  readonly nowMs: number
}

/**
 * Meta's `signed_request`: signature and payload, both base64url, joined by a dot. The signature is
 * made over the encoded payload, not over its bytes.
 *
 * @see the platform's page on the data deletion request callback
 */
export function signedRequest({ userId, nowMs }: DeletionRequest, appSecret: string): string {
  const issuedAt = Math.floor(nowMs / 1000)
  const expires = issuedAt + LIFE_SECONDS
  const algorithm = 'HMAC-SHA256'
  const claims = { algorithm, expires, issued_at: issuedAt, user_id: userId }
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const signature = createHmac('sha256', appSecret).update(payload).digest('base64url')
  return `${signature}.${payload}`
}
