import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders } from '@otn/contracts'
import type { CampaignLog } from '../campaign-door.ts'
import { campaignKey } from '../domain/campaign.ts'
import { documentId } from '../domain/command.ts'

export interface CampaignLogParts {
  readonly appender: Appender
  readonly codec: Codec
  readonly deadlineMs: number
}

/** Publishes campaign commands that came by HTTP; those of one campaign keep their order. */
export function createCampaignLog({ appender, codec, deadlineMs }: CampaignLogParts): CampaignLog {
  return {
    publish: async (command) => {
      const { pageId, commandId, campaignId, requestedBy, type } = command
      const source = `/otn/client/${encodeURIComponent(requestedBy ?? 'http')}`
      const id = documentId(pageId, commandId)
      const headers = { ...cloudEventHeaders({ id, source, type }) }
      const value = codec.encode('CampaignCommand', command)
      const key = campaignKey(pageId, campaignId)
      const record = { topic: 'campaign', key, value, headers } as const
      const [position] = await appender.append([record], { deadlineMs })
      if (!position) throw new Error('an acknowledged record has a position')
      return { partition: position.partition, offset: position.offset }
    },
  }
}
