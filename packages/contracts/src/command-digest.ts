import { canonicalJson } from '@otn/kernel'
import type { Notify, RequestOptIn } from './generated/records.ts'

/**
 * `commandDigest` of a command that was cancelled before anybody read it: its content is not known,
 * and whatever comes under its id is that command, cancelled.
 */
export const UNHEARD_DIGEST = '0'.repeat(64)

/**
 * The text whose SHA-256 is a command's digest (`commandDigest`): canonical JSON of the decoded
 * command without `requestedAt`, and without fields that are null or absent, so that a field added
 * to the schema later leaves the digest of older commands as it is.
 */
export function commandDigestText(command: Notify | RequestOptIn): string {
  const said = Object.entries(command).filter(
    ([name, value]) => name !== 'requestedAt' && value !== null && value !== undefined,
  )
  return canonicalJson(Object.fromEntries(said))
}
