/** How a campaign ends: whoever was not called is cancelled, then its end is told with counts. */
import type { CampaignPorts } from '../campaign-ports.ts'
import { campaignKey, campaignState } from '../domain/campaign.ts'
import { type CampaignDocument, withCampaignFact } from '../domain/campaign-document.ts'
import type { CampaignDraft } from '../domain/campaign-fact.ts'
import { cancel } from '../domain/cancel.ts'
import { tellCampaign } from './tell-campaign.ts'

/** Notifications of one step. */
const CANCELLED_AT_ONCE = 200

/** @returns false where none is open: others are under way and end by themselves */
export async function cancelMembers(
  ports: CampaignPorts,
  { campaign }: CampaignDocument,
): Promise<boolean> {
  const key = campaignKey(campaign.pageId, campaign.campaignId)
  const ids = await ports.members.open(key, CANCELLED_AT_ONCE)
  await Promise.all(ids.map((id) => cancelMember(ports, id)))
  return ids.length > 0
}

async function cancelMember(ports: CampaignPorts, id: string): Promise<void> {
  const { commands, facts, clock, tell } = ports
  const draft = { type: 'NotificationCancelled', attempt: 0, reason: 'campaign-stopped' } as const
  const changed = await commands.change(id, (known) => {
    if (known === null) return null
    return cancel(known, null, ({ command }) =>
      facts.write(command, draft, { nowMs: clock.nowMs() }),
    )
  })
  if (changed.kind !== 'changed' || changed.document.command.final === null) return
  const { document } = changed
  tell.closed(document)
  await ports.tellFacts(document, 0).catch((error) => tell.tellFailed(document, error))
}

/** @returns false where something else was decided about it meanwhile */
export async function completeCampaign(
  ports: CampaignPorts,
  { campaign: { pageId, campaignId } }: CampaignDocument,
): Promise<boolean> {
  const { campaigns, members, campaignFacts, clock, tell } = ports
  const key = campaignKey(pageId, campaignId)
  const counts = await members.count(key)
  const changed = await campaigns.change(key, (known) => {
    if (known === null || known.facts.length > 0) return null
    const { campaign } = known
    const state = campaignState(campaign)
    if (state !== 'running' && state !== 'stopped') return null
    const reason = state === 'stopped' ? ({ reason: 'campaign-stopped' } as const) : {}
    const draft: CampaignDraft = { type: 'CampaignCompleted', commandId: null, ...reason }
    const requestedBy = campaign.started?.requestedBy ?? null
    const audience = known.walk.passes > 0 ? counts.recorded : null
    const input = { nowMs: clock.nowMs(), requestedBy, counts, audience, content: null }
    return withCampaignFact(known, campaignFacts.write(campaign, draft, input))
  })
  if (changed === null) return false
  tell.completed(changed.campaign)
  await tellCampaign(ports, changed)
  return true
}
