/** The page behind a login: which token speaks for it, and whether that token may. */
import type { OfferedPage, SetUpClient } from '@otn/graph-api'
import type { PageId, Secret } from '@otn/kernel'
import { type ConnectionWish, unreviewedBeside } from '../domain/connect.ts'
import type { Checklist } from './checklist.ts'
import type { Onboarding } from './onboarding.ts'

export const IDENTITY_STEPS = [
  'login-exchanged',
  'page-offered',
  'token-inspected',
  'app-reviewed',
] as const

type IdentityStep = (typeof IDENTITY_STEPS)[number]

export interface Login {
  readonly pageId: PageId
  /** Never kept. */
  readonly userToken: Secret
  /** Null = the deployment's. */
  readonly graphVersion: string | null
  /** Of a test user, or of a person with a role in the app: their pages need no review. */
  readonly isTestUser: boolean
}

export interface IdentifiedPage {
  readonly name: string
  readonly accessToken: Secret
  readonly said: Pick<ConnectionWish, 'tokenKind' | 'tokenExpiresAt' | 'permissions'>
}

/** @see Messenger Platform documentation, "Webhooks", permissions of `subscribed_apps` */
const PERMISSIONS = ['pages_messaging', 'pages_manage_metadata'] as const
/** Following needs this task on the page. */
const TASK = 'MODERATE'

type Parts = Pick<Onboarding, 'appId' | 'meta' | 'pages' | 'clock'>

/** @returns null where a step failed */
export async function identifyPage(
  list: Checklist<IdentityStep>,
  login: Login,
  { appId, meta: metaOf, pages, clock }: Parts,
): Promise<IdentifiedPage | null> {
  const meta = metaOf(login.graphVersion)
  const exchanged = await list.ask(
    'login-exchanged',
    meta.exchangeToken(login.userToken, clock.nowMs()),
    ({ expiresAt }) => `The login was exchanged for a long-lived one; it ends ${when(expiresAt)}.`,
  )
  if (exchanged === null) return null
  const offered = await offeredPage(list, login, { meta, userToken: exchanged[0].accessToken })
  if (offered === null) return null
  const said = await inspect(list, { ...login, ...offered, appId }, meta)
  if (said === null) return null
  const other = login.isTestUser ? null : unreviewedBeside(await pages.all(), { ...login, appId })
  if (other !== null) {
    return list.failed('app-reviewed', {
      sentence:
        `The app serves page ${other}, and it may follow no further page before somebody says ` +
        'that it passed its review.',
      next:
        `After the review: pnpm otn pages capability ${other} pages_messaging granted; ` +
        'for the login of a test user add --test-user',
    })
  }
  list.done('app-reviewed', 'No review of the app stands in the way.')
  return { ...offered, said }
}

type Offered = Pick<IdentifiedPage, 'name' | 'accessToken'>

async function offeredPage(
  list: Checklist<IdentityStep>,
  { pageId }: Login,
  { meta, userToken }: { readonly meta: SetUpClient; readonly userToken: Secret },
): Promise<Offered | null> {
  const failed = (sentence: string, next: string) => list.failed('page-offered', { sentence, next })
  const answer = await list.ask('page-offered', meta.pagesOf(userToken), (offers) => {
    const pages = offers.length === 1 ? '1 page' : `${offers.length} pages`
    return `The login offers ${pages}, this one among them.`
  })
  if (answer === null) return null
  const page = answer[0].find((one) => one.pageId === pageId)
  if (page === undefined) {
    const next = 'See pnpm otn pages offered, and choose the page at the login.'
    return failed(`The login does not offer page ${pageId}.`, next)
  }
  return usable(page, failed)
}

function usable(
  { name, accessToken, tasks }: OfferedPage,
  failed: (sentence: string, next: string) => null,
): Offered | null {
  const next = 'Have somebody with full control of the page give them that task, or log in.'
  if (accessToken === null) return failed('The person has no role that speaks for the page.', next)
  if (tasks.length > 0 && !tasks.includes(TASK)) {
    return failed(`The person lacks the task ${TASK} on the page, which following needs.`, next)
  }
  return { name, accessToken }
}

interface Inspected extends Offered {
  readonly pageId: PageId
  readonly appId: string
}

async function inspect(
  list: Checklist<IdentityStep>,
  { pageId, appId, accessToken }: Inspected,
  meta: SetUpClient,
): Promise<IdentifiedPage['said'] | null> {
  const failed = (sentence: string, next: string) =>
    list.failed('token-inspected', { sentence, next })
  const again = 'Log in again, grant what the app asks for, and hand over the new access token.'
  const answer = await list.ask('token-inspected', meta.inspect(accessToken), ({ expiresAt }) => {
    return `The page token holds ${PERMISSIONS.join(' and ')}; it ends ${when(expiresAt)}.`
  })
  if (answer === null) return null
  const [token] = answer
  if (!token.isValid) return failed('The platform does not take the page token.', again)
  if (token.appId !== null && token.appId !== appId) {
    const next = 'Log in to the app of META_APP_ID, and hand over that access token.'
    return failed(`The login is one of app ${token.appId}, not of ours (${appId}).`, next)
  }
  if (token.pageId !== null && token.pageId !== pageId) {
    return failed(`The token speaks for page ${token.pageId}.`, again)
  }
  const missing = PERMISSIONS.filter((permission) => !token.scopes.includes(permission))
  if (missing.length > 0) {
    return failed(`The login did not grant ${missing.join(' and ')} for the page.`, again)
  }
  const tokenKind = token.kind?.toLowerCase() ?? null
  return { tokenKind, tokenExpiresAt: token.expiresAt, permissions: token.scopes }
}

function when(atMs: number | null): string {
  return atMs === null ? 'never by itself' : new Date(atMs).toISOString()
}
