/** What the HTTP API of campaigns reaches. */
import type { CampaignCommand, ReasonCode } from '@otn/contracts'
import type { AudienceSize, Campaigns, Members } from './campaign-ports.ts'
import type { Published } from './inbox-ports.ts'

/** What a campaign would come to; nothing was recorded or sent. */
export interface CampaignPlan extends AudienceSize {
  /** `known`: it runs, or ran, already. */
  readonly decision: 'start' | 'refuse' | 'known'
  readonly reason: ReasonCode | null
  /** At the pace that the platform allows a page, seconds. */
  readonly seconds: number
}

export interface CampaignDoor {
  readonly campaigns: Pick<Campaigns, 'read' | 'list'>
  readonly members: Pick<Members, 'count'>
  readonly plan: (start: CampaignCommand) => Promise<CampaignPlan>
  /** Resolves when the command is acknowledged, with where it stands. Errors as of the bus. */
  readonly publish: (command: CampaignCommand) => Promise<Published>
  /** As for a command that was read from Kafka; read later, it changes nothing. */
  readonly carryOut: (command: CampaignCommand) => Promise<void>
}
