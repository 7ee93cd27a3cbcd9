/** Each connected page at the platform: does it send us webhooks, and is its access token good? */
import { type Follower, type InspectedToken, redactText, type SetUpResult } from '@otn/graph-api'
import { DAY_MS } from '@otn/kernel'
import { defineCheck } from '../check.ts'
import { type Finding, ok, toFix, warn } from '../finding.ts'
import type { Place } from '../place.ts'
import { type ConnectedPage, connectedPages, pageTokenOpener } from '../readers/connected-pages.ts'
import { refusal, setUpClientOf } from '../readers/set-up.ts'
import { platformSettings } from '../settings.ts'
import { missingField, missingUseful } from '../webhook-fields.ts'

/** Two calls each: more than a person looks at, and the platform counts them. */
const PAGES_MAX = 50
const AT_A_TIME = 5
const SOON_MS = 7 * DAY_MS
const SCOPES = ['pages_messaging', 'pages_manage_metadata'] as const

export interface PageStanding {
  readonly pageId: string
  readonly ourAppId: string
  readonly appId: string | null
  readonly nowMs: number
  /** Null where the page is another app's. */
  readonly followers: SetUpResult<readonly Follower[]> | null
  readonly token: SetUpResult<InspectedToken> | null
}

interface Facts {
  readonly standings: readonly PageStanding[]
  readonly unlooked: number
}

export const pageStanding = defineCheck<Facts>({
  id: 'page-standing',
  needs: ['graph', 'master-key', 'pages'],
  read: readStandings,
  judge: ({ standings, unlooked }) => [
    ...standings.flatMap(judgePage),
    ...(unlooked === 0 ? [] : [warn(`${unlooked} more pages were not looked at`)]),
  ],
})

async function readStandings(place: Place): Promise<Facts> {
  const pages = connectedPages(await place.pageEvents())
  const look = pageReader(place)
  const standings: PageStanding[] = []
  for (let at = 0; at < Math.min(pages.length, PAGES_MAX); at += AT_A_TIME) {
    const some = pages.slice(at, Math.min(at + AT_A_TIME, PAGES_MAX))
    standings.push(...(await Promise.all(some.map(look))))
  }
  return { standings, unlooked: pages.length - standings.length }
}

function pageReader(place: Place): (page: ConnectedPage) => Promise<PageStanding> {
  const { context, shell } = place
  const client = setUpClientOf(place)
  const open = pageTokenOpener(context)
  const { appId: ourAppId } = context.read(platformSettings)
  return async (page) => {
    const { pageId, appId } = page
    const base = { pageId, appId, ourAppId, nowMs: shell.nowMs() }
    if (appId !== null && appId !== ourAppId) return { ...base, followers: null, token: null }
    const accessToken = open(page)
    const [followers, token] = await Promise.all([
      client.followersOf({ pageId, accessToken }),
      client.inspect(accessToken),
    ])
    return { ...base, followers, token }
  }
}

export function judgePage(standing: PageStanding): readonly Finding[] {
  const { pageId, appId, ourAppId, followers, token } = standing
  if (followers === null || token === null) {
    const sentence = `page ${pageId} is served by the app ${appId}, META_APP_ID is ${ourAppId}`
    return [warn(sentence, 'run it with the app id and secret of that app')]
  }
  const faults = [...tokenFaults(standing, token), ...followFaults(standing, followers)]
  return faults.length > 0 ? faults : [ok(`page ${pageId} is followed, its access token is good`)]
}

function tokenFaults(
  { pageId, ourAppId, nowMs }: PageStanding,
  result: SetUpResult<InspectedToken>,
): readonly Finding[] {
  const what = `the access token of page ${pageId}`
  const fix = `pnpm otn pages connect ${pageId}`
  if (result.kind === 'refused') return [refusal(what, result.fault)]
  const { isValid, kind, appId, pageId: ofPage, scopes, expiresAt } = result.value
  if (!isValid) return [toFix(`${what} is not valid any more: nothing can be sent`, fix)]
  if (kind !== null && kind !== 'PAGE') {
    return [toFix(`${what} is none of a page but of kind ${redactText(kind) ?? 'unknown'}`, fix)]
  }
  if (appId !== null && appId !== ourAppId) return [toFix(`${what} is of another app`, fix)]
  if (ofPage !== null && ofPage !== pageId) return [toFix(`${what} is of another page`, fix)]
  const missing = SCOPES.filter((scope) => !scopes.includes(scope))
  if (missing.length > 0) return [toFix(`${what} lacks ${missing.join(', ')}`, fix)]
  if (expiresAt === null) return []
  if (expiresAt <= nowMs) return [toFix(`${what} has expired`, fix)]
  const days = Math.floor((expiresAt - nowMs) / DAY_MS)
  return expiresAt - nowMs > SOON_MS ? [] : [warn(`${what} expires within ${days + 1} days`, fix)]
}

function followFaults(
  { pageId, ourAppId }: PageStanding,
  result: SetUpResult<readonly Follower[]>,
): readonly Finding[] {
  const fix = `pnpm otn pages follow ${pageId}`
  if (result.kind === 'refused') return [refusal(`who follows page ${pageId}`, result.fault)]
  const ours = result.value.find(({ appId }) => appId === ourAppId)
  if (ours === undefined) {
    return [toFix(`the app does not follow page ${pageId}: its opt-ins are lost`, fix)]
  }
  const missing = missingField(ours.fields)
  if (missing !== null) {
    return [toFix(`page ${pageId} lacks the field ${missing}: its opt-ins are lost`, fix)]
  }
  const useful = missingUseful(ours.fields)
  return useful.length === 0
    ? []
    : [warn(`page ${pageId} lacks the fields ${useful.join(', ')}`, fix)]
}
