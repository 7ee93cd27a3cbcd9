/**
 * What a campaign command comes to. Each command is answered by one fact, a refusal by one as well,
 * so that it is known again when it is read again: after a rebuild all of them are.
 */
import type { CampaignCommand, ReasonCode } from '@otn/contracts'
import { type Campaign, type CampaignState, campaignState } from './campaign.ts'
import type { CampaignDraft } from './campaign-fact.ts'

export interface CampaignAsk {
  readonly command: CampaignCommand
  /** Of a start: SHA-256 of what it asks for. */
  readonly digest: string
  /** Why a start can never be carried out; null where it can. */
  readonly fault: ReasonCode | null
}

/** More answered commands than this are not kept in mind. */
export const STEERINGS_MAX = 1_000

/** The fact that answers the command; null = it is answered already. */
export function decideCampaign(
  campaign: Campaign,
  { command, digest, fault }: CampaignAsk,
): CampaignDraft | null {
  const { commandId } = command
  if (campaign.answered.includes(commandId)) return null
  const state = campaignState(campaign)
  const reason = refusalOf(campaign, { command, digest, fault }, state)
  if (reason === 'known') return null
  if (reason !== null) return { type: 'CampaignRejected', commandId, reason }
  switch (command.type) {
    case 'StartCampaign':
      return {
        ...{ type: 'CampaignStarted', commandId, commandDigest: digest },
        topic: command.topic ?? null,
      }
    case 'PauseCampaign':
      return { type: 'CampaignPaused', commandId }
    case 'ResumeCampaign':
      return { type: 'CampaignResumed', commandId }
    case 'StopCampaign':
      return { type: 'CampaignStopped', commandId }
  }
}

function refusalOf(
  campaign: Campaign,
  { command: { type }, digest, fault }: CampaignAsk,
  state: CampaignState,
): ReasonCode | 'known' | null {
  const { started } = campaign
  const isOver = state === 'stopped' || state === 'completed'
  if (type === 'StartCampaign') {
    if (started !== null) return started.digest === digest ? 'known' : 'campaign-id-reused'
    return fault ?? (isOver ? 'campaign-over' : null)
  }
  if (isOver) return 'campaign-over'
  if (type === 'ResumeCampaign' && state === 'unheard') return 'campaign-unknown'
  const isFull = campaign.answered.length >= STEERINGS_MAX && type !== 'StopCampaign'
  return isFull ? 'campaign-steered-too-often' : null
}
