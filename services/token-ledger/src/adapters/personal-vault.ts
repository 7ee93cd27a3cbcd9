import type { Vault } from '@otn/vault'
import type { PersonalVault } from '../ports.ts'

/** Opens of a consent its payload alone; the raw token in it goes nowhere. */
export function createPersonalVault(vault: Vault): PersonalVault {
  return {
    openConsent: ({ eventId, person, keyId, sealed }) => {
      const context = { record: 'OptInReceived', eventId, owner: person }
      const { payload } = vault.open({ keyId, sealed }, context)
      return { payload: typeof payload === 'string' ? payload : null }
    },
  }
}
