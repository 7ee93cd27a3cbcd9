import { appError, type Identity } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { PersonalVault } from '../vault-ports.ts'

/**
 * Opens of a consent its payload alone; the raw token in it goes nowhere, nor does a PSID. Whose
 * consent it is stands beside it and would move with it: the raw token tells.
 */
export function createPersonalVault(
  vault: Vault,
  identity: Pick<Identity, 'token'>,
): PersonalVault {
  return {
    openConsent: ({ eventId, pageId, person, keyId, sealed }, tokenId) => {
      const context = { record: 'OptInReceived', eventId, owner: person }
      const { payload, token } = vault.open({ keyId, sealed }, context)
      if (typeof token === 'string' && identity.token(pageId, token) === tokenId) {
        return { payload: textOf(payload) }
      }
      const message = `what is sealed in opt-in ${eventId} is not token ${tokenId}`
      throw appError('OTN_VAULT_SEAL_BROKEN', { message, details: { tokenId, eventId } })
    },
    openEngagement: ({ eventId, person, keyId, sealed }) => {
      const context = { record: 'EngagementEvent', eventId, owner: person }
      const { ref, userRef, externalUserId } = vault.open({ keyId, sealed }, context)
      return {
        ref: textOf(ref),
        userRef: textOf(userRef),
        externalUserId: textOf(externalUserId),
      }
    },
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
