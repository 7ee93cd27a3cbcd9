import { createHash } from 'node:crypto'
import { commandDigestText, type Notify, type RequestOptIn } from '@otn/contracts'

/** What tells a repeat of a command from another one under the same id: SHA-256, 64 hex digits. */
export function commandDigest(command: Notify | RequestOptIn): string {
  return createHash('sha256').update(commandDigestText(command), 'utf8').digest('hex')
}
