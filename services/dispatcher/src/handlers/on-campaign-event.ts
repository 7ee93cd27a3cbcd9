/** Folds facts of campaigns back from the log: at every start, then beside the live work. */
import type { CampaignEvent } from '@otn/contracts'
import type { SteeringPorts } from '../campaign-ports.ts'
import { campaignKey, haltOf } from '../domain/campaign.ts'
import { foldCampaignFacts } from '../domain/campaign-document.ts'

type Ports = Pick<SteeringPorts, 'campaigns' | 'brakes'>

export function onCampaignEvent({
  campaigns,
  brakes,
}: Ports): (events: readonly CampaignEvent[]) => Promise<void> {
  return async (events) => {
    const byKey = Map.groupBy(events, ({ pageId, campaignId }) => campaignKey(pageId, campaignId))
    for (const [key, about] of byKey) {
      const changed = await campaigns.change(key, (known) => foldCampaignFacts(known, about))
      if (changed === null) continue
      const { campaign } = changed
      await brakes.set(key, { halt: haltOf(campaign), sequence: campaign.sequence })
    }
  }
}
