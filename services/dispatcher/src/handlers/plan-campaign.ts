/** What a campaign would reach and cost, before anybody is called: it changes nothing. */
import type { CampaignCommand, ReasonCode } from '@otn/contracts'
import { DAY_MS } from '@otn/kernel'
import type { CampaignDoor, CampaignPlan } from '../campaign-door.ts'
import type { CampaignPorts, SteeringPorts } from '../campaign-ports.ts'
import { campaignKey, newCampaign } from '../domain/campaign.ts'
import { campaignDigestText } from '../domain/campaign-fact.ts'
import { decideCampaign } from '../domain/decide-campaign.ts'
import { type PaceKind, paceKindOf } from '../domain/pace-kind.ts'
import { startFault } from './on-campaign-command.ts'

/** Tokens that expire within this long are soon lost if nobody spends them. */
const SOON_MS = 7 * DAY_MS

type Ports = Pick<SteeringPorts, 'campaigns' | 'identity' | 'clock' | 'notifying' | 'pages'> &
  Pick<CampaignPorts, 'audience'> & {
    /** Calls of one page, a second. */
    readonly ceilings: Readonly<Record<PaceKind, number>>
  }

export function planCampaign(ports: Ports): CampaignDoor['plan'] {
  const { audience, clock, ceilings } = ports
  return async (start) => {
    const verdict = await verdictOn(ports, start)
    const { pageId, topic = null, commandId, message = null } = start
    // Of a topic that is none nobody can have agreed to hear.
    const size =
      topic === null || verdict.reason === 'topic-invalid'
        ? { persons: 0, tokens: 0, expiring: 0 }
        : await audience.size({ pageId, topic, expiresBefore: clock.nowMs() + SOON_MS })
    const perSecond = ceilings[paceKindOf({ pageId, commandId, message })]
    return { ...verdict, ...size, seconds: Math.ceil(size.persons / perSecond) }
  }
}

async function verdictOn(
  ports: Ports,
  start: CampaignCommand,
): Promise<Pick<CampaignPlan, 'decision' | 'reason'>> {
  const { pageId, campaignId } = start
  const known = await ports.campaigns.read(campaignKey(pageId, campaignId))
  const digest = ports.identity.digest(campaignDigestText(start))
  const fault = await startFault(ports, start)
  const campaign = known?.campaign ?? newCampaign(pageId, campaignId)
  const draft = decideCampaign(campaign, { command: start, digest, fault })
  const reason: ReasonCode | null = draft?.reason ?? null
  if (draft === null) return { decision: 'known', reason }
  return { decision: reason === null ? 'start' : 'refuse', reason }
}
