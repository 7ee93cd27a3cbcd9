import type { Vault } from '@otn/vault'
import type { PersonalVault } from '../vault-ports.ts'

/** Opens of a consent its payload alone; the raw token in it goes nowhere, nor does a PSID. */
export function createPersonalVault(vault: Vault): PersonalVault {
  return {
    openConsent: ({ eventId, person, keyId, sealed }) => {
      const context = { record: 'OptInReceived', eventId, owner: person }
      const { payload } = vault.open({ keyId, sealed }, context)
      return { payload: textOf(payload) }
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
