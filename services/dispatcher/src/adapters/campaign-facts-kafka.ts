import { type CampaignEvent, type Codec, cloudEventHeaders } from '@otn/contracts'
import type { Identity } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { CampaignFacts } from '../campaign-ports.ts'
import { type CampaignContent, campaignFactKey, nameCampaignFact } from '../domain/campaign-fact.ts'

const RECORD = 'CampaignEvent'

export interface CampaignFactsParts {
  readonly codec: Codec
  readonly vault: Vault
  readonly identity: Identity
}

/** Facts of campaigns: encoded once, kept as bytes, told as often as it takes. */
export function createCampaignFacts({ codec, vault, identity }: CampaignFactsParts): CampaignFacts {
  return {
    write: (campaign, draft, { content, ...occasion }) => {
      const named = nameCampaignFact(campaign, draft, { ...occasion, identity })
      const { eventId, pageId, type } = named
      const context = { record: RECORD, eventId, owner: pageId }
      const sealed = content === null ? {} : vault.seal({ ...content }, context)
      const event: CampaignEvent = { ...named, ...sealed }
      const headers = { ...cloudEventHeaders({ id: eventId, source: '/otn/dispatcher', type }) }
      const value = codec.encode(RECORD, event)
      const topic = 'campaignEvent' as const
      return { event, stored: { eventId, key: campaignFactKey(event), value, headers, topic } }
    },
    open: ({ record, eventId, owner, keyId, sealed }) =>
      // What was sealed was this very type, by `write` above.
      vault.open({ keyId, sealed }, { record, eventId, owner }) as unknown as CampaignContent,
  }
}
