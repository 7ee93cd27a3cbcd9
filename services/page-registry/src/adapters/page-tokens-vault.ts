import { Secret } from '@otn/kernel'
import { createVault, type MasterKeys } from '@otn/vault'
import type { PageTokens } from '../ports.ts'

const record = 'PageEvent'

/** The access token of a page, sealed under the event that connected it. */
export function createPageTokens(keys: MasterKeys): PageTokens {
  const vault = createVault(keys)
  return {
    sealingKeyId: keys.sealingKeyId,
    open: (owner, { eventId, sealed }) => {
      if (sealed === null) return null
      const { keyId, bytes } = sealed
      const { accessToken } = vault.open({ keyId, sealed: bytes }, { record, eventId, owner })
      return typeof accessToken === 'string' ? new Secret(accessToken) : null
    },
    seal: (owner, { eventId, accessToken }) =>
      vault.seal({ accessToken: accessToken.reveal() }, { record, eventId, owner }),
  }
}
