/**
 * Walks the holders of a topic in pages and records one notification for each person, by the same
 * step as any command (C0). Whoever is recorded already stays as they are, so a page that is walked
 * twice, by whomever, changes nothing.
 */
import { isAppError } from '@otn/kernel'
import type { CampaignPorts, Holder } from '../campaign-ports.ts'
import { type CampaignKey, campaignKey } from '../domain/campaign.ts'
import { type CampaignDocument, type Walk, walked } from '../domain/campaign-document.ts'
import type { CampaignContent } from '../domain/campaign-fact.ts'
import { memberNotify } from '../domain/campaign-member.ts'
import { doubtedAttempt } from '../domain/command.ts'
import { recordMembers } from './record-members.ts'

/** As many as the ledger lists at once. */
const PAGE_MAX = 200
/** Notifications whose content is made again, of one step. */
const BARE_MAX = 100

export interface WalkAudience {
  /** Records at most so many people. @returns whether it came further */
  on(document: CampaignDocument, limit: number): Promise<boolean>
  /** An emptied store knows calls from the log alone: what they sent is made once more. */
  completeBare(document: CampaignDocument): Promise<void>
}

type Ends = readonly (readonly bigint[])[]

export function walkAudience(ports: CampaignPorts): WalkAudience {
  const record = recordMembers(ports)
  /** What the ledger must have read before a walk begins; asked once for each walk. */
  const needed = new Map<CampaignKey, { readonly passes: number; readonly ends: Ends }>()
  const isRead = async ({ campaign, walk: { passes } }: CampaignDocument): Promise<boolean> => {
    const key = campaignKey(campaign.pageId, campaign.campaignId)
    const known = needed.get(key)
    const isKnown = known?.passes === passes
    const ends = isKnown ? known.ends : await ports.audience.needs()
    needed.set(key, { passes, ends })
    if (!(await ports.audience.hasRead(ends))) return false
    needed.delete(key)
    return true
  }
  const recordPage = async (document: CampaignDocument, holders: readonly Holder[]) => {
    const { campaign, content } = document
    if (content === null) return 0
    const opened = ports.campaignFacts.open(content, campaign)
    const known = { campaign, content: opened }
    const found = await Promise.all(holders.map((holder) => notifyOf(ports, known, holder)))
    const outcomes = await record(
      campaignKey(campaign.pageId, campaign.campaignId),
      firstOfEach(found.flatMap((notify) => notify ?? [])),
    )
    return outcomes.filter((outcome) => outcome === 'recorded').length
  }
  const completeBare: WalkAudience['completeBare'] = async (document) => {
    const { pageId, campaignId } = document.campaign
    const bare = await ports.members.bare(campaignKey(pageId, campaignId), BARE_MAX)
    const holders = bare.flatMap(({ command }) => {
      const { tokenId = null, startedAt = null } = doubtedAttempt(command) ?? {}
      const { person } = command
      return tokenId && person ? [{ tokenId, person, grantedAt: startedAt ?? 0 }] : []
    })
    if (holders.length > 0) await recordPage(document, holders)
  }
  return {
    completeBare,
    on: async (document, limit) => {
      const { campaign, walk } = document
      const { pageId, campaignId, started } = campaign
      if (started === null) return false
      if (walk.after === null) {
        if (!(await isRead(document))) return false
        await completeBare(document)
      }
      const { topic, at } = started
      const query = { pageId, topic, after: walk.after, limit: Math.min(limit, PAGE_MAX) }
      const { items, next } = await ports.audience.page(query)
      // Oldest grant first: behind the first one that came after the start are only such.
      const reached = items.filter(({ grantedAt }) => grantedAt <= at)
      const recorded = await recordPage(document, reached)
      const page = { next: reached.length < items.length ? null : next, recorded }
      const changed = await ports.campaigns.change(campaignKey(pageId, campaignId), (known) =>
        known !== null && isSame(known.walk, walk) ? walked(known, page) : null,
      )
      if (changed === null) return false
      ports.tell.walked(campaign, recorded)
      ports.lanes.wakeIn(0)
      return true
    },
  }
}

interface Known {
  readonly campaign: CampaignDocument['campaign']
  readonly content: CampaignContent
}

/** Null where the token is live no more, or its seal does not open: that holds up nobody else. */
async function notifyOf(
  { ledger, psids, tell }: CampaignPorts,
  { campaign, content }: Known,
  { tokenId, person }: Holder,
) {
  const { pageId, started } = campaign
  const topic = started?.topic ?? null
  const { tokens } = await ledger.ask({ pageId, psid: null, tokenId, topic })
  const token = tokens.find((proposed) => proposed.tokenId === tokenId)
  if (token === undefined) return null
  try {
    return memberNotify(campaign, content, {
      person,
      psid: psids.psidOf(token, { pageId, person }),
    })
  } catch (error) {
    if (!isAppError(error) || error.retryable) throw error
    tell.unreadable(campaign, error)
    return null
  }
}

/** Several tokens of one person are one notification. */
function firstOfEach<T extends { readonly commandId: string }>(
  notifies: readonly T[],
): readonly T[] {
  return [...new Map(notifies.toReversed().map((one) => [one.commandId, one])).values()]
}

function isSame(a: Walk, b: Walk): boolean {
  return a.after === b.after && a.passes === b.passes && a.isDone === b.isDone
}
