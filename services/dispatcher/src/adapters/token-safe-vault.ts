import { appError, type Identity, Secret } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { ProposedToken } from '../domain/choose-token.ts'
import type { TokenOwner, TokenSafe } from '../ports.ts'

/** Opens raw tokens for a call, and makes sure that they are the tokens they are called. */
export function createTokenSafe(vault: Vault, identity: Identity): TokenSafe {
  const openedBy = ({ eventId, keyId, sealed }: ProposedToken, { person }: TokenOwner) =>
    vault.open({ keyId, sealed }, { record: 'OptInReceived', eventId, owner: person })
  return {
    psidOf: (proposed, owner) => {
      const { psid } = openedBy(proposed, owner)
      return typeof psid === 'string' ? new Secret(psid) : null
    },
    open: (proposed, owner) => {
      const { tokenId, eventId } = proposed
      const { pageId } = owner
      const { token } = openedBy(proposed, owner)
      if (typeof token === 'string' && identity.token(pageId, token) === tokenId) {
        return new Secret(token)
      }
      const message = `what is sealed in opt-in ${eventId} is not token ${tokenId}`
      throw appError('OTN_VAULT_SEAL_BROKEN', { message, details: { tokenId, eventId } })
    },
  }
}
