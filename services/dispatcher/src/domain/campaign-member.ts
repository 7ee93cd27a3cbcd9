/** The one notification of a campaign to one person: its id says that there is no second one. */
import type { CampaignCommand, Notify, ReasonCode } from '@otn/contracts'
import {
  commandId,
  type PageScopedUserId,
  type PersonId,
  pageScopedUserId,
  personId,
} from '@otn/kernel'
import type { NotifySettings } from '@otn/policy'
import type { Campaign } from './campaign.ts'
import type { CampaignContent } from './campaign-fact.ts'
import { validateNotify } from './validate-notify.ts'

/** A pseudonym and a colon are left of the 128 characters of a command id. */
const CAMPAIGN_ID_CHARACTERS_MAX = 100
const CONTROL = /\p{Cc}/u
const VISIBLE = /[^\p{C}\p{Z}]/u
/** Any person: what is wrong with a campaign is wrong with each of its notifications. */
const SOMEBODY = pageScopedUserId('1')

export function isCampaignId(text: string): boolean {
  const isSized = text.length > 0 && text.length <= CAMPAIGN_ID_CHARACTERS_MAX
  return isSized && VISIBLE.test(text) && !CONTROL.test(text) && text.isWellFormed()
}

/** The same for the same campaign and person, whenever it is made: so is its digest. */
export function memberNotify(
  { pageId, campaignId, started }: Pick<Campaign, 'pageId' | 'campaignId' | 'started'>,
  { text, message }: CampaignContent,
  { person, psid }: { readonly person: PersonId; readonly psid: PageScopedUserId },
): Notify {
  return {
    ...{ commandId: commandId(`${campaignId}:${person}`), pageId, psid, text, message },
    ...{ topic: started?.topic ?? null, route: 'TOKEN' },
    requestedBy: started?.requestedBy ?? null,
  }
}

/** Why a campaign can never go out, by the rules of a notification; null where it can. */
export function campaignFault(
  command: CampaignCommand,
  settings: NotifySettings,
): ReasonCode | null {
  const { pageId, campaignId, topic = null, text = null, message = null } = command
  const started = { digest: '', topic: topic ?? '', requestedBy: null, at: 0 }
  const draft = memberNotify(
    { pageId, campaignId, started },
    { text, message },
    { person: NOBODY, psid: SOMEBODY },
  )
  return validateNotify({ ...draft, topic }, settings)?.reason ?? null
}

const NOBODY = personId('nobody')
