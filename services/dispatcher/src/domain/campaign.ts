/**
 * A campaign as the log tells of it: what is sent about which topic since when, whether it stands
 * still, and that it was stopped or has ended. A join of its facts: order and repeats change
 * nothing, so it is rebuilt from the log (promise G6).
 */
import type { CampaignEvent } from '@otn/contracts'
import type { CommandId, PageId } from '@otn/kernel'

export interface Started {
  /** SHA-256 of what is sent on which topic in whose name, 64 hex digits. */
  readonly digest: string
  readonly topic: string
  readonly requestedBy: string | null
  /** Who agreed later is not reached; business clock. */
  readonly at: number
}

/** How far a campaign is, in notifications. */
export interface Counts {
  readonly recorded: number
  readonly sent: number
  readonly failed: number
  readonly inDoubt: number
  readonly cancelled: number
}

export interface Campaign {
  readonly pageId: PageId
  readonly campaignId: string
  /** Null where other commands overtook its start. */
  readonly started: Started | null
  /** What the youngest fact about pausing says. */
  readonly pausing: { readonly isPaused: boolean; readonly sequence: number }
  readonly stoppedAt: number | null
  readonly completed: (Counts & { readonly at: number }) | null
  /** Commands that a fact answers, sorted: one that comes again changes nothing. */
  readonly answered: readonly CommandId[]
  /** Of the youngest fact; 0 = there is none. */
  readonly sequence: number
}

export type CampaignState = 'unheard' | 'running' | 'paused' | 'stopped' | 'completed'

/** Names a campaign among those of all pages. */
export type CampaignKey = `${string}:${string}`

export function campaignKey(pageId: string, campaignId: string): CampaignKey {
  return `${pageId}:${campaignId}`
}

export function newCampaign(pageId: PageId, campaignId: string): Campaign {
  const nothing = { started: null, stoppedAt: null, completed: null, answered: [], sequence: 0 }
  return { pageId, campaignId, ...nothing, pausing: { isPaused: false, sequence: 0 } }
}

/** The campaign after one more fact; one that adds nothing gives back the very same object. */
export function evolveCampaign(known: Campaign | null, event: CampaignEvent): Campaign {
  const campaign = known ?? newCampaign(event.pageId, event.campaignId)
  const told = numbered(answering(joined(campaign, event), event), event)
  return known !== null && isSame(told, known) ? known : told
}

/** `stopped`: whoever was not called yet is not called any more; calls under way may still end. */
export function campaignState(campaign: Campaign): CampaignState {
  const { started, pausing, stoppedAt, completed } = campaign
  if (completed !== null) return 'completed'
  if (stoppedAt !== null) return 'stopped'
  if (pausing.isPaused) return 'paused'
  return started === null ? 'unheard' : 'running'
}

/** What keeps its notifications back. */
export type Halt = 'paused' | 'stopped'

export function haltOf(campaign: Campaign): Halt | null {
  if (campaign.stoppedAt !== null) return 'stopped'
  return campaign.pausing.isPaused ? 'paused' : null
}

function joined(campaign: Campaign, event: CampaignEvent): Campaign {
  const sequence = event.sequence ?? 0
  switch (event.type) {
    case 'CampaignStarted':
      return { ...campaign, started: earlier(campaign.started, startedBy(event)) }
    case 'CampaignPaused':
    case 'CampaignResumed': {
      const told = { isPaused: event.type === 'CampaignPaused', sequence }
      return outranks(told, campaign.pausing) ? { ...campaign, pausing: told } : campaign
    }
    case 'CampaignStopped':
      return { ...campaign, stoppedAt: Math.min(event.at, campaign.stoppedAt ?? event.at) }
    case 'CampaignCompleted': {
      const isKnown = campaign.completed !== null && campaign.completed.at <= event.at
      return isKnown ? campaign : { ...campaign, completed: { ...countsIn(event), at: event.at } }
    }
    case 'CampaignRejected':
      return campaign
  }
}

function startedBy(event: CampaignEvent): Started {
  const { commandDigest, topic, requestedBy = null, at } = event
  return { digest: commandDigest ?? '', topic: topic ?? '', requestedBy, at }
}

/** There is one start; should two ever differ, all readers settle on the same one. */
function earlier(known: Started | null, told: Started): Started {
  if (known === null) return told
  const order = told.at - known.at || (told.digest < known.digest ? -1 : 1)
  return order < 0 && told.digest !== known.digest ? told : known
}

/** Where two say the same number, the one that holds back is believed. */
function outranks(told: Campaign['pausing'], known: Campaign['pausing']): boolean {
  if (told.sequence !== known.sequence) return told.sequence > known.sequence
  return told.isPaused && !known.isPaused
}

function countsIn(event: CampaignEvent): Counts {
  const { recorded, sent, failed, inDoubt, cancelled } = event
  return {
    ...{ recorded: recorded ?? 0, sent: sent ?? 0, failed: failed ?? 0 },
    ...{ inDoubt: inDoubt ?? 0, cancelled: cancelled ?? 0 },
  }
}

function answering(campaign: Campaign, { commandId }: CampaignEvent): Campaign {
  if (!commandId || campaign.answered.includes(commandId)) return campaign
  return { ...campaign, answered: [...campaign.answered, commandId].toSorted() }
}

function numbered(campaign: Campaign, { sequence }: CampaignEvent): Campaign {
  if ((sequence ?? 0) <= campaign.sequence) return campaign
  return { ...campaign, sequence: sequence ?? 0 }
}

function isSame(a: Campaign, b: Campaign): boolean {
  const names = Object.keys(a) as (keyof Campaign)[]
  return names.every((name) => a[name] === b[name])
}
