import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Authenticator } from '../ports.ts'

const DIGEST_BYTES = { sha256: 32, sha1: 20 } as const

/**
 * HMAC over the raw bytes under each app secret. Every secret is tried to the end, and a claim of
 * no shape costs the same as a wrong one, so that time tells nothing.
 * @see Meta, Webhooks: Validating Payloads
 */
export function createAuthenticator(secrets: readonly string[]): Authenticator {
  const keys = secrets.map((secret) => createSecretKey(Buffer.from(secret)))
  return {
    verifies: (body, { algorithm, hex }) => {
      const length = DIGEST_BYTES[algorithm]
      const claimed = hex === null ? Buffer.alloc(length) : Buffer.from(hex, 'hex')
      let isGenuine = false
      for (const key of keys) {
        const mac = createHmac(algorithm, key).update(body).digest()
        const isEqual = timingSafeEqual(mac, claimed)
        isGenuine = isEqual || isGenuine
      }
      return isGenuine && hex !== null
    },
    digest: (body) => createHash('sha256').update(body).digest('hex'),
  }
}
