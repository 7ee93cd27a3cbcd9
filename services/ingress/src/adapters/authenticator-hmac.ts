import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Authenticator, MetaApp, Signer } from '../ports.ts'

/**
 * HMAC over the raw bytes under each secret of the app. Every secret is tried to the end, so that
 * time tells nothing of them; a claim of no shape, which is no secret, costs no HMAC.
 * @see Meta, Webhooks: Validating Payloads
 */
export function createAuthenticator(apps: readonly MetaApp[]): Authenticator {
  const keys = apps.flatMap(keysOf)
  return {
    signedBy: (body, { algorithm, hex }, appId) => {
      if (hex === null) return null
      const claimed = Buffer.from(hex, 'hex')
      let signer: Signer | null = null
      for (const { key, of } of keys) {
        if (appId !== null && of.appId !== appId) continue
        const mac = createHmac(algorithm, key).update(body).digest()
        const isEqual = timingSafeEqual(mac, claimed)
        signer = isEqual ? of : signer
      }
      return signer
    },
    digest: (body) => createHash('sha256').update(body).digest('hex'),
  }
}

function keysOf({ appId, appSecrets }: MetaApp) {
  return appSecrets.map((secret, index) => ({
    key: createSecretKey(Buffer.from(secret.reveal())),
    of: { appId, secret: index === 0 ? 'newest' : 'older' } satisfies Signer,
  }))
}
