/** What is to be done about a campaign now. Pure: what its notifications stand at comes as data. */
import { campaignState } from './campaign.ts'
import type { CampaignDocument } from './campaign-document.ts'

/** What the notifications of a campaign stand at. */
export interface MembersLook {
  /** Recorded, and not called or to be called again. */
  readonly open: number
  /** Something is left to do about one of them. */
  readonly isOwed: boolean
}

export type CampaignStep =
  | { readonly kind: 'rest' }
  /** Facts that were decided are told first. */
  | { readonly kind: 'tell' }
  /** Records at most so many people behind those walked. */
  | { readonly kind: 'walk'; readonly limit: number }
  | { readonly kind: 'wait' }
  /** Everybody ended: whoever is live now and was not reached is looked for once more. */
  | { readonly kind: 'walk-again' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'complete' }

/** Whether the notifications must be looked at before the next step is known. */
export function needsLook({ campaign, facts }: CampaignDocument): boolean {
  if (facts.length > 0) return false
  const state = campaignState(campaign)
  return state === 'running' || (state === 'stopped' && campaign.started !== null)
}

/**
 * The next step. A campaign has ended once a whole walk, not the first one, found nobody new and
 * nothing is owed about those it recorded.
 * @param window how many of its notifications may be open at a time: others of the page go first
 */
export function nextCampaignStep(
  document: CampaignDocument,
  { open, isOwed }: MembersLook,
  window: number,
): CampaignStep {
  const { facts, walk, campaign } = document
  if (facts.length > 0) return { kind: 'tell' }
  if (!needsLook(document)) return { kind: 'rest' }
  if (campaignState(campaign) === 'stopped') return { kind: isOwed ? 'cancel' : 'complete' }
  if (!walk.isDone) {
    // Half a window at a time: the ledger is not asked for a handful of people.
    const hasRoom = open * 2 <= window
    return hasRoom ? { kind: 'walk', limit: window - open } : { kind: 'wait' }
  }
  if (isOwed) return { kind: 'wait' }
  return { kind: walk.found === 0 && walk.passes > 1 ? 'complete' : 'walk-again' }
}
