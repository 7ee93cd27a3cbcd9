import { type Identity, isAppError } from '@otn/kernel'
import type { AccountOf, PersonalVault } from '../vault-ports.ts'

export interface AccountParts {
  readonly vault: PersonalVault
  readonly identity: Identity
  /** Somebody must look: a master key is missing, or a stranger wrote the record. */
  readonly tell: { linkUnreadable(error: unknown): void }
}

/**
 * Under which id an account is known here. A link that does not open links nothing and holds up
 * nobody; once its key is back, a rebuild knows it again.
 */
export function createAccountOf({ vault, identity, tell }: AccountParts): AccountOf {
  return (event) => {
    try {
      const { externalUserId } = vault.openEngagement(event)
      return externalUserId === null ? null : identity.account(event.pageId, externalUserId)
    } catch (error) {
      if (!isAppError(error)) throw error
      tell.linkUnreadable(error)
      return null
    }
  }
}
