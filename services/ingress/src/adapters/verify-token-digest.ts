import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { MetaApp, VerifyToken } from '../ports.ts'

/**
 * Compares digests under a random key: equal lengths, and nothing to learn from the time. Every
 * token is compared, whichever matches.
 */
export function createVerifyToken(apps: readonly MetaApp[]): VerifyToken {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  const wanted = apps.flatMap(({ appId, verifyTokens }) =>
    verifyTokens.map((token) => ({ of: appId, digest: digest(token.reveal()) })),
  )
  return {
    matches: (given, appId) => {
      const shown = digest(given)
      let isKnown = false
      for (const token of wanted) {
        if (appId !== null && token.of !== appId) continue
        const isEqual = timingSafeEqual(shown, token.digest)
        isKnown = isEqual || isKnown
      }
      return isKnown
    },
  }
}
