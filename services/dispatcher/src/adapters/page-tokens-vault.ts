import { Secret } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { Connection } from '../domain/page.ts'

/** Opens the access token of each connection once. */
export function createPageTokens(vault: Vault): (connection: Connection) => Secret {
  const opened = new Map<string, Secret>()
  return (connection) => {
    const name = `${connection.pageId} ${connection.eventId}`
    const known = opened.get(name)
    if (known) return known
    const token = openPageToken(connection, vault)
    opened.set(name, token)
    return token
  }
}

function openPageToken({ pageId, eventId, keyId, sealed }: Connection, vault: Vault): Secret {
  const context = { record: 'PageEvent', eventId, owner: pageId }
  const { accessToken } = vault.open({ keyId, sealed }, context)
  // An empty one cannot stand in a header; the client says so, and the page counts as signed out.
  return new Secret(typeof accessToken === 'string' ? accessToken : '')
}
