import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@otn/kernel'
import type { VerifyToken } from '../ports.ts'

/** Compares digests under a random key: equal lengths, and nothing to learn from the time. */
export function createVerifyToken(token: Secret): VerifyToken {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  const wanted = digest(token.reveal())
  return { matches: (given) => timingSafeEqual(digest(given), wanted) }
}
