/** The page's half: it is followed with our fields, and what stands there was read back. */
import type { Follower, PageCredentials, SetUpClient } from '@otn/graph-api'
import { fieldsOf, missingFields } from '../domain/webhook-fields.ts'
import type { Checklist } from './checklist.ts'
import type { Onboarding } from './onboarding.ts'

export const FOLLOW_STEPS = ['no-other-app', 'page-followed'] as const

type FollowStep = (typeof FOLLOW_STEPS)[number]

export interface FollowWish extends PageCredentials {
  readonly graphVersion: string | null
  /** Other apps that may follow the page as well. */
  readonly beside: readonly string[]
}

type Parts = Pick<Onboarding, 'appId' | 'fields' | 'meta'>

/** @returns whether we followed before; null where a step failed */
export async function followPage(
  list: Checklist<FollowStep>,
  wish: FollowWish,
  { appId, fields, meta: metaOf }: Parts,
): Promise<{ readonly followedBefore: boolean } | null> {
  const meta = metaOf(wish.graphVersion)
  const others = (followers: readonly Follower[]) =>
    followers.map((one) => one.appId).filter((id) => id !== appId)
  const before = await list.ask('no-other-app', meta.followersOf(wish), (followers) => {
    const ids = others(followers)
    return ids.length === 0 ? 'No other app follows the page.' : `Beside us: app ${ids.join(', ')}.`
  })
  if (before === null) return null
  const unknown = others(before[0]).filter((id) => !wish.beside.includes(id))
  if (unknown.length > 0) return list.failed('no-other-app', otherApps(unknown, wish.pageId))
  const ours = before[0].find((one) => one.appId === appId)
  // Following again sets the fields anew: what somebody else chose for our app stays.
  const all = fieldsOf([...fields, ...(ours?.fields ?? [])])
  const followed = await list.ask('page-followed', meta.followPage(wish, all), () => {
    return `The page is followed with ${all.length} fields.`
  })
  if (followed === null || !(await isThere(list, wish, { appId, fields, meta }))) return null
  return { followedBefore: ours !== undefined }
}

async function isThere(
  list: Checklist<FollowStep>,
  wish: FollowWish,
  { appId, fields, meta }: Omit<Parts, 'meta'> & { readonly meta: SetUpClient },
): Promise<boolean> {
  const read = await list.ask('page-followed', meta.followersOf(wish), () => {
    return `The page is followed, and the platform lists every field that we need.`
  })
  if (read === null) return false
  const ours = read[0].find((one) => one.appId === appId)
  const missing = missingFields(fields, ours?.fields ?? [])
  if (ours !== undefined && missing.length === 0) return true
  list.failed('page-followed', {
    sentence: `The page was followed, yet the platform does not list ${missing.join(', ')}.`,
    next: 'Run the same command again.',
  })
  return false
}

function otherApps(ids: readonly string[], pageId: string) {
  const them = ids.length === 1 ? `app ${ids[0]} follows` : `apps ${ids.join(', ')} follow`
  return {
    sentence: `Already ${them} the page: it would get the same opt-ins and may spend them.`,
    next:
      `Take it off in the page's settings, or go on beside it: pnpm otn pages connect ` +
      `${pageId} ${ids.map((id) => `--beside ${id}`).join(' ')}`,
  }
}
