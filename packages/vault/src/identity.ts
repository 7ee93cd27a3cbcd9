import { createHash, createHmac, type KeyObject } from 'node:crypto'
import { accountId, eventId, type Identity, personId, tokenId } from '@otn/kernel'

const HEX_DIGITS = 32
const PERSON_CHARACTERS = 22

/**
 * The ids of this deployment, under its pepper. The pepper never rotates: another one would make
 * strangers of everybody, which is why a check value of it is pinned in the log.
 * @param pepper a `KeyObject`: a Buffer as key costs three times as much on Node 24
 */
export function createIdentity(pepper: KeyObject): Identity {
  const keyed = (text: string) => createHmac('sha256', pepper).update(text, 'utf8')
  return {
    person: (page, psid) =>
      personId(keyed(`${page}:${psid}`).digest('base64url').slice(0, PERSON_CHARACTERS)),
    token: (page, rawToken) =>
      tokenId(keyed(`token:${page}:${rawToken}`).digest('hex').slice(0, HEX_DIGITS)),
    account: (page, externalUserId) =>
      accountId(keyed(`account:${page}:${externalUserId}`).digest('hex').slice(0, HEX_DIGITS)),
    event: (type, page, parts) =>
      eventId(sha256([type, page, ...parts].join('\n')).slice(0, HEX_DIGITS)),
    digest: sha256,
  }
}

/** Check value of a pepper: tells two peppers apart and reveals neither. 32 hex digits. */
export function pepperCheck(pepper: KeyObject): string {
  const text = 'otn deployment check'
  return createHmac('sha256', pepper).update(text).digest('hex').slice(0, HEX_DIGITS)
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
