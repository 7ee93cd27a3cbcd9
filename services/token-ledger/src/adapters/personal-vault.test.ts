import { createSecretKey, randomBytes } from 'node:crypto'
import { eventId, pageId, pageScopedUserId } from '@otn/kernel'
import { createIdentity, createVault, parseMasterKeys } from '@otn/vault'
import { describe, expect, test } from 'vitest'
import { createPersonalVault } from './personal-vault.ts'

const parsed = parseMasterKeys(`k1:${randomBytes(32).toString('base64')}`)
if ('fault' in parsed) throw new Error(parsed.fault)
const vault = createVault(parsed.keys)
const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))
const personal = createPersonalVault(vault, identity)
const PAGE = pageId('1000')

function consentOf(psid: string, token: string) {
  const owner = identity.person(PAGE, pageScopedUserId(psid))
  const id = eventId(`opt-in ${token}`)
  const context = { record: 'OptInReceived', eventId: id, owner }
  const sealed = vault.seal({ psid, token, payload: `payload ${token}` }, context)
  return { eventId: id, pageId: PAGE, person: owner, ...sealed }
}

const [mine, other] = [consentOf('2000', '44'), consentOf('2001', '45')]
const tokenId = identity.token(PAGE, '44')

describe('a consent', () => {
  test('shows its payload, and nothing else of what it seals', () => {
    expect(personal.openConsent(mine, tokenId)).toEqual({ payload: 'payload 44' })
  })

  test.each([
    ['the sealed bytes', { ...mine, keyId: other.keyId, sealed: other.sealed }],
    ['bytes and event', { ...mine, eventId: other.eventId, sealed: other.sealed }],
    ['the whole consent', other],
  ])('[D-09] of another token in its row is refused: %s', (_, moved) => {
    expect(() => personal.openConsent(moved, tokenId)).toThrow(
      expect.objectContaining({ code: 'OTN_VAULT_SEAL_BROKEN' }),
    )
  })
})
