/** A campaign beside what only the work on it needs: the log decides none of that. */
import type { CampaignEvent } from '@otn/contracts'
import { type Campaign, campaignState, evolveCampaign, newCampaign } from './campaign.ts'
import type { SealedContent, StoredFact } from './document.ts'

/** How far the audience is walked; a rebuild begins again, and finds who was recorded. */
export interface Walk {
  /** Where the last page of the list ended; null = at the beginning. */
  readonly after: string | null
  /** How often the whole audience was walked. */
  readonly passes: number
  /** Notifications recorded in the pass under way. */
  readonly found: number
  readonly isDone: boolean
}

export interface CampaignDocument {
  readonly campaign: Campaign
  /** What is sent; null before the start. */
  readonly content: SealedContent | null
  /** Decided and not yet known to be on the log, in order. */
  readonly facts: readonly StoredFact[]
  readonly walk: Walk
}

/** A fact with its bytes, and what it seals where it is the start. */
export interface WrittenCampaignFact {
  readonly event: CampaignEvent
  readonly stored: StoredFact
}

const AT_BEGIN: Walk = { after: null, passes: 0, found: 0, isDone: false }

export function newCampaignDocument(
  pageId: Campaign['pageId'],
  campaignId: string,
): CampaignDocument {
  return { campaign: newCampaign(pageId, campaignId), content: null, facts: [], walk: AT_BEGIN }
}

/** Whether somebody is to look at it: facts to tell, people to reach, an end to wait for. */
export function isCampaignOwed({ campaign, facts }: CampaignDocument): boolean {
  if (facts.length > 0) return true
  const state = campaignState(campaign)
  return state === 'running' || (state === 'stopped' && campaign.started !== null)
}

/** The document with a fact decided about it. */
export function withCampaignFact(
  document: CampaignDocument,
  { event, stored }: WrittenCampaignFact,
): CampaignDocument {
  return { ...withEvents(document, [event]), facts: [...document.facts, stored] }
}

/** Folds facts read back from the log; null = they say nothing new. */
export function foldCampaignFacts(
  known: CampaignDocument | null,
  events: readonly CampaignEvent[],
): CampaignDocument | null {
  const [first] = events
  if (first === undefined) return null
  const base = known ?? newCampaignDocument(first.pageId, first.campaignId)
  const next = withEvents(base, events)
  return known !== null && next.campaign === known.campaign ? null : next
}

/** These very facts are on the log. */
export function withoutFacts(
  document: CampaignDocument,
  told: readonly StoredFact[],
): CampaignDocument | null {
  const ids = new Set(told.map(({ eventId }) => eventId))
  const facts = document.facts.filter(({ eventId }) => !ids.has(eventId))
  return facts.length === document.facts.length ? null : { ...document, facts }
}

/** Behind one page of the audience. */
export function walked(
  document: CampaignDocument,
  page: { readonly next: string | null; readonly recorded: number },
): CampaignDocument {
  const { walk } = document
  const isDone = page.next === null
  const found = walk.found + page.recorded
  const passes = walk.passes + Number(isDone)
  return { ...document, walk: { after: page.next, passes, found, isDone } }
}

/** Once more from the beginning. */
export function walkedAgain(document: CampaignDocument): CampaignDocument {
  return { ...document, walk: { ...AT_BEGIN, passes: document.walk.passes } }
}

function withEvents(
  document: CampaignDocument,
  events: readonly CampaignEvent[],
): CampaignDocument {
  const campaign = events.reduce<Campaign>(evolveCampaign, document.campaign)
  const start = events.find(({ type }) => type === 'CampaignStarted')
  return { ...document, campaign, content: document.content ?? (start ? contentOf(start) : null) }
}

function contentOf({ pageId, eventId, keyId, sealed }: CampaignEvent): SealedContent | null {
  if (!keyId || !sealed) return null
  return { record: 'CampaignEvent', eventId, owner: pageId, keyId, sealed }
}
