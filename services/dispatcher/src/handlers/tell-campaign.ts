import type { SteeringPorts } from '../campaign-ports.ts'
import { campaignKey, haltOf } from '../domain/campaign.ts'
import { type CampaignDocument, withoutFacts } from '../domain/campaign-document.ts'

/**
 * Tells what was decided about a campaign, once what it holds back is held back: a pause that is on
 * the log is kept by whoever looks before a call. Errors as the engines; then it is told later.
 */
export async function tellCampaign(
  { brakes, facts, campaigns }: Pick<SteeringPorts, 'brakes' | 'facts' | 'campaigns'>,
  { campaign, facts: decided }: CampaignDocument,
): Promise<void> {
  if (decided.length === 0) return
  const key = campaignKey(campaign.pageId, campaign.campaignId)
  await brakes.set(key, { halt: haltOf(campaign), sequence: campaign.sequence })
  await facts.tell(decided)
  await campaigns.change(key, (known) => known && withoutFacts(known, decided))
}
