/** Facts of a campaign: their ids follow from what they say, so a repeat has the same one. */
import type { CampaignCommand, CampaignEvent, ReasonCode } from '@otn/contracts'
import { type CommandId, canonicalJson, type EventId, type Identity } from '@otn/kernel'
import { type Campaign, type Counts, campaignKey } from './campaign.ts'

export interface CampaignDraft {
  readonly type: CampaignEvent['type']
  /** The command that it answers; null = the campaign ended by itself. */
  readonly commandId: CommandId | null
  readonly commandDigest?: string
  readonly topic?: string | null
  readonly reason?: ReasonCode
}

export interface CampaignOccasion {
  readonly identity: Identity
  /** Business clock. */
  readonly nowMs: number
  readonly requestedBy: string | null
  /** Null where nobody counted. */
  readonly counts: Counts | null
  /** Persons it reaches; null until everybody was walked once. */
  readonly audience: number | null
}

/** All but what `CampaignStarted` seals. */
export function nameCampaignFact(
  campaign: Campaign,
  { commandId, ...draft }: CampaignDraft,
  { identity, nowMs, requestedBy, counts, audience }: CampaignOccasion,
): CampaignEvent {
  const { pageId, campaignId } = campaign
  const correlationId = campaignKey(pageId, campaignId)
  const isStart = draft.type === 'CampaignStarted'
  const parts = commandId === null ? [] : [commandId]
  return {
    ...{ pageId, campaignId, commandId, at: nowMs, sequence: campaign.sequence + 1 },
    topic: campaign.started?.topic ?? null,
    ...draft,
    ...{ ...counts, audience, requestedBy, correlationId },
    causationId: commandId === null ? correlationId : `${pageId}:${commandId}`,
    eventId: isStart
      ? campaignStartId(identity, campaign)
      : identity.event(draft.type, pageId, [campaignId, ...parts]),
  }
}

/** A campaign starts once, whoever says so: what it seals is bound to it by this id. */
export function campaignStartId(
  identity: Identity,
  { pageId, campaignId }: Pick<Campaign, 'pageId' | 'campaignId'>,
): EventId {
  return identity.event('CampaignStarted', pageId, [campaignId])
}

/** Facts of one campaign stand in one partition, in their order. */
export function campaignFactKey({ campaignId }: Pick<CampaignEvent, 'campaignId'>): string {
  return `c:${campaignId}`
}

/** What a campaign is to send: sealed with its start. */
export interface CampaignContent {
  readonly text: string | null
  readonly message: string | null
}

/** The text whose SHA-256 tells one campaign from another under the same id. */
export function campaignDigestText(command: CampaignCommand): string {
  const { pageId, campaignId, topic, text, message, requestedBy } = command
  const said = Object.entries({ pageId, campaignId, topic, text, message, requestedBy })
  return canonicalJson(Object.fromEntries(said.filter(([, value]) => value)))
}
