import type { Appender } from '@otn/bus'
import { type CampaignCommand, type Codec, cloudEventHeaders, type Notify } from '@otn/contracts'
import { campaignKey } from '../domain/campaign.ts'
import { documentId } from '../domain/command.ts'
import type { Published } from '../inbox-ports.ts'

export interface PublishParts {
  readonly appender: Appender
  readonly codec: Codec
  readonly deadlineMs: number
}

type Appended = Parameters<Appender['append']>[0][number]

/** Publishes commands that came by HTTP, as any other service would publish them. */
export function publishNotify(parts: PublishParts): (notify: Notify) => Promise<Published> {
  return (notify) => {
    const value = parts.codec.encode('Notify', notify)
    const key = documentId(notify.pageId, notify.commandId)
    return append(parts, { ...notify, type: 'Notify' }, { topic: 'notify', key, value })
  }
}

/** The same of campaigns; those of one campaign keep their order. */
export function publishCampaign(
  parts: PublishParts,
): (command: CampaignCommand) => Promise<Published> {
  return (command) => {
    const value = parts.codec.encode('CampaignCommand', command)
    const key = campaignKey(command.pageId, command.campaignId)
    return append(parts, command, { topic: 'campaign', key, value })
  }
}

async function append(
  { appender, deadlineMs }: PublishParts,
  command: Pick<Notify, 'pageId' | 'commandId' | 'requestedBy'> & { readonly type: string },
  record: Omit<Appended, 'headers'>,
): Promise<Published> {
  const { pageId, commandId, requestedBy, type } = command
  const source = `/otn/client/${encodeURIComponent(requestedBy ?? 'http')}`
  const headers = { ...cloudEventHeaders({ id: documentId(pageId, commandId), source, type }) }
  const [position] = await appender.append([{ ...record, headers }], { deadlineMs })
  if (!position) throw new Error('an acknowledged record has a position')
  return { partition: position.partition, offset: position.offset }
}
