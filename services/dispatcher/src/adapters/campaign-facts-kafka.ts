import { type CampaignEvent, type Codec, cloudEventHeaders } from '@otn/contracts'
import { appError, type Identity } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { CampaignFacts } from '../campaign-ports.ts'
import {
  type CampaignContent,
  campaignFactKey,
  campaignStartId,
  nameCampaignFact,
} from '../domain/campaign-fact.ts'

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
    open: ({ eventId, keyId, sealed }, { pageId, campaignId }) => {
      if (eventId !== campaignStartId(identity, { pageId, campaignId })) {
        const message = `what is sealed as the content of campaign ${campaignId} is another one's`
        throw appError('OTN_VAULT_SEAL_BROKEN', { message, details: { pageId, campaignId } })
      }
      const context = { record: RECORD, eventId, owner: pageId }
      // What was sealed was this very type, by `write` above.
      return vault.open({ keyId, sealed }, context) as unknown as CampaignContent
    },
  }
}
