/** Carries campaigns on, one step at a time, each by the one dispatcher that has its lease. */
import { assertNever } from '@otn/kernel'
import type { CampaignPorts } from '../campaign-ports.ts'
import { campaignKey } from '../domain/campaign.ts'
import { type CampaignDocument, walkedAgain } from '../domain/campaign-document.ts'
import { type CampaignStep, needsLook, nextCampaignStep } from '../domain/next-campaign-step.ts'
import { cancelMembers, completeCampaign } from './end-campaign.ts'
import { tellCampaign } from './tell-campaign.ts'
import { type WalkAudience, walkAudience } from './walk-audience.ts'

/** More campaigns than this are carried on at the next tick. */
const AT_ONCE_MAX = 8
/** What waits for its notifications is looked at again after this long, machine time. */
const LOOK_AGAIN_MS = 500
/** An engine that is away is asked again after this long. */
const AWAY_MS = 1_000
const NOTHING = { open: 0, isOwed: false } as const

/** Whether the next step can be taken at once. */
type Ended = 'went-on' | 'waits'

/** One look. It never rejects: what could not be done is done after the next. */
export function everyTickCampaigns(ports: CampaignPorts): () => Promise<void> {
  const walk = walkAudience(ports)
  return async () => {
    try {
      const due = await ports.campaigns.takeDue(AT_ONCE_MAX)
      const ended = await Promise.all(due.map((document) => carryOn(ports, document, walk)))
      if (ended.includes('went-on') || due.length === AT_ONCE_MAX) ports.wakeCampaigns()
    } catch (error) {
      ports.tell.stepFailed(null, error)
    }
  }
}

async function carryOn(
  ports: CampaignPorts,
  document: CampaignDocument,
  walk: WalkAudience,
): Promise<Ended> {
  const { campaigns, tell } = ports
  const { campaign } = document
  const key = campaignKey(campaign.pageId, campaign.campaignId)
  try {
    const ended = await oneStep(ports, document, walk)
    await campaigns.leave(key, ended === 'went-on' ? 0 : LOOK_AGAIN_MS)
    return ended
  } catch (error) {
    tell.stepFailed(campaign, error)
    await campaigns.leave(key, AWAY_MS)
    return 'waits'
  }
}

async function oneStep(
  ports: CampaignPorts,
  document: CampaignDocument,
  walk: WalkAudience,
): Promise<Ended> {
  const { members, window } = ports
  const { pageId, campaignId } = document.campaign
  const key = campaignKey(pageId, campaignId)
  const look = needsLook(document) ? await members.look(key) : NOTHING
  const step = nextCampaignStep(document, look, window)
  // Whoever waited for the campaign to go on goes on.
  if (step.kind === 'walk' || step.kind === 'wait') await members.wake(key)
  return (await take(ports, document, { step, walk })) ? 'went-on' : 'waits'
}

/** @returns whether it came further */
async function take(
  ports: CampaignPorts,
  document: CampaignDocument,
  { step, walk }: { readonly step: CampaignStep; readonly walk: WalkAudience },
): Promise<boolean> {
  const { pageId, campaignId } = document.campaign
  switch (step.kind) {
    case 'rest':
      return false
    case 'tell':
      await tellCampaign(ports, document)
      return true
    case 'walk':
      return walk.on(document, step.limit)
    case 'wait':
      await walk.completeBare(document)
      return false
    case 'walk-again': {
      const key = campaignKey(pageId, campaignId)
      const again = (known: CampaignDocument | null) => known?.walk.isDone && walkedAgain(known)
      return (await ports.campaigns.change(key, (known) => again(known) || null)) !== null
    }
    case 'cancel':
      return cancelMembers(ports, document)
    case 'complete':
      return completeCampaign(ports, document)
    default:
      return assertNever(step)
  }
}
