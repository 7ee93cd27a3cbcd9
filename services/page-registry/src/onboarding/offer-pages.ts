/** Every page that a login could connect, and by whom it is followed now. */
import type { Follower, OfferedPage, SetUpFault } from '@otn/graph-api'
import { pageId, type Secret } from '@otn/kernel'
import { missingFields } from '../domain/webhook-fields.ts'
import type { Onboarding } from './onboarding.ts'

export interface Offer {
  readonly pageId: string
  readonly name: string
  readonly isConnected: boolean
  /** Null where the platform did not say. */
  readonly isFollowed: boolean | null
  /** Ours that it is not followed with. */
  readonly missingFields: readonly string[]
  readonly otherApps: readonly string[]
  /** Why it cannot be connected, or was not looked at; null = it can be. */
  readonly fault: string | null
}

export type Offers =
  | { readonly kind: 'offers'; readonly offers: readonly Offer[] }
  | { readonly kind: 'refused'; readonly fault: SetUpFault }

type Parts = Pick<Onboarding, 'appId' | 'clock' | 'fields' | 'meta' | 'pages'>

/** @param userToken of the login; it is exchanged, used and forgotten */
export async function offerPages(userToken: Secret, parts: Parts): Promise<Offers> {
  const meta = parts.meta(null)
  const exchanged = await meta.exchangeToken(userToken, parts.clock.nowMs())
  if (exchanged.kind === 'refused') return exchanged
  const listed = await meta.pagesOf(exchanged.value.accessToken)
  if (listed.kind === 'refused') return listed
  const offers: Offer[] = []
  // One after the other: a person has few pages, and the platform counts calls.
  for (const page of listed.value) offers.push(await offerOf(page, parts))
  return { kind: 'offers', offers }
}

async function offerOf(offered: OfferedPage, parts: Parts): Promise<Offer> {
  const { page } = await parts.pages.read(pageId(offered.pageId))
  const isConnected = page.connection?.value.isConnected === true
  const base = { pageId: offered.pageId, name: offered.name, isConnected }
  const unseen = { isFollowed: null, missingFields: [], otherApps: [] }
  const { accessToken } = offered
  if (accessToken === null) {
    return { ...base, ...unseen, fault: 'The person has no role that speaks for the page.' }
  }
  const answer = await parts.meta(null).followersOf({ pageId: offered.pageId, accessToken })
  if (answer.kind === 'refused') return { ...base, ...unseen, fault: answer.fault.meaning }
  return { ...base, ...followingOf(answer.value, parts), fault: null }
}

function followingOf(followers: readonly Follower[], { appId, fields }: Parts) {
  const ours = followers.find((one) => one.appId === appId)
  const otherApps = followers.map((one) => one.appId).filter((id) => id !== appId)
  const isFollowed = ours !== undefined
  return { isFollowed, missingFields: missingFields(fields, ours?.fields ?? []), otherApps }
}
