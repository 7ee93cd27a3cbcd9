import type { PageEvent } from '@otn/contracts'
import { type Latest, latest, Secret } from '@otn/kernel'
import { createVault, parseMasterKeys } from '@otn/vault'
import { sealingSettings } from '../../cli-settings.ts'
import type { Context } from '../../context.ts'

type Connected = Extract<PageEvent, { readonly type: 'PageConnected' }>

export interface ConnectedPage {
  readonly pageId: string
  readonly appId: string | null
  readonly isPaused: boolean
  readonly connection: Connected
}

/** The pages that are connected, in the order of their ids. Pure. */
export function connectedPages(events: readonly PageEvent[]): readonly ConnectedPage[] {
  const connections = new Map<string, Latest<Connected | null>>()
  const pauses = new Map<string, Latest<boolean>>()
  for (const event of events) {
    const { type, pageId } = event
    if (type === 'PageConnected' || type === 'PageDisconnected') {
      const said = { ...event, value: type === 'PageConnected' ? event : null }
      connections.set(pageId, latest(connections.get(pageId) ?? null, said))
    }
    if (type === 'PagePaused' || type === 'PageResumed') {
      const said = { ...event, value: type === 'PagePaused' }
      pauses.set(pageId, latest(pauses.get(pageId) ?? null, said))
    }
  }
  const pages = [...connections].flatMap(([pageId, { value: connection }]) => {
    if (connection === null) return []
    const isPaused = pauses.get(pageId)?.value ?? false
    return [{ pageId, appId: connection.appId ?? null, isPaused, connection }]
  })
  return pages.toSorted((a, b) => (a.pageId < b.pageId ? -1 : 1))
}

/** Opens page tokens with OTN_MASTER_KEY. @throws OTN_VAULT_* where one does not open */
export function pageTokenOpener(context: Context): (page: ConnectedPage) => Secret {
  const parsed = parseMasterKeys(context.read(sealingSettings).masterKey.reveal())
  if ('fault' in parsed) throw new Error('OTN_MASTER_KEY was looked at before')
  const vault = createVault(parsed.keys)
  return ({ pageId, connection: { eventId, keyId, sealed } }) => {
    const { accessToken } = vault.open(
      { keyId, sealed },
      { record: 'PageEvent', eventId, owner: pageId },
    )
    return new Secret(typeof accessToken === 'string' ? accessToken : '')
  }
}
