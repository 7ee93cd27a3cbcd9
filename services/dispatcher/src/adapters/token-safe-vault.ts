import { appError, type Identity, pageScopedUserId, Secret } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { PsidSafe } from '../campaign-ports.ts'
import type { ProposedToken } from '../domain/choose-token.ts'
import type { Owner, TokenSafe } from '../ledger-ports.ts'
import { createPageTokens } from './page-tokens-vault.ts'

/** Opens what a call is addressed by, and makes sure that it is what it is called. */
export function createTokenSafe(vault: Vault, identity: Identity): TokenSafe {
  const openedBy = ({ eventId, keyId, sealed }: ProposedToken, { person }: Owner) =>
    vault.open({ keyId, sealed }, { record: 'OptInReceived', eventId, owner: person })
  return {
    pageToken: createPageTokens(vault),
    psidOf: (proposed, owner) => {
      const { psid } = openedBy(proposed, owner)
      if (typeof psid !== 'string') return null
      const { pageId, person } = owner
      if (identity.person(pageId, pageScopedUserId(psid)) === person) return new Secret(psid)
      throw ofAnother(proposed.eventId)
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
    openAccount: ({ eventId, keyId, sealed }, { pageId, person }) => {
      const context = { record: 'EngagementEvent', eventId, owner: person }
      const { psid } = vault.open({ keyId, sealed }, context)
      if (typeof psid === 'string' && identity.person(pageId, pageScopedUserId(psid)) === person) {
        return new Secret(psid)
      }
      const message = `what is sealed in account link ${eventId} does not name its person`
      throw appError('OTN_VAULT_SEAL_BROKEN', { message, details: { eventId } })
    },
  }
}

/** Opens whom a token belongs to, and makes sure that it is the person it is said to be. */
export function createPsidSafe(vault: Vault, identity: Identity): PsidSafe {
  return {
    psidOf: ({ eventId, keyId, sealed }, { pageId, person }) => {
      const context = { record: 'OptInReceived', eventId, owner: person }
      const { psid } = vault.open({ keyId, sealed }, context)
      const named = typeof psid === 'string' ? pageScopedUserId(psid) : null
      if (named !== null && identity.person(pageId, named) === person) return named
      throw ofAnother(eventId)
    },
  }
}

function ofAnother(eventId: string): Error {
  const message = `what is sealed in opt-in ${eventId} names another person`
  return appError('OTN_VAULT_SEAL_BROKEN', { message, details: { eventId } })
}
