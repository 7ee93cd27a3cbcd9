/**
 * The calls by which an app follows pages: whose pages there are, with which access token, what the
 * app is told of, and where. Each may be made twice without harm, and none sends a message.
 * @see Graph API documentation, "Long-Lived Access Tokens", "Page Subscribed Apps",
 *   "Application Subscriptions", "Debug-Token"
 */
import { appError, Secret } from '@otn/kernel'
import type { z } from 'zod'
import { isGraphVersion } from '../send.ts'
import { askGraph, type SetUpHost } from './ask-graph.ts'
import {
  accounts,
  debugged,
  followers,
  longLived,
  subscriptions,
  success,
} from './set-up-answers.ts'
import { faultWithout } from './set-up-fault.ts'
import { done, refusedFor, type SetUpResult } from './set-up-result.ts'

export interface LongLivedToken {
  readonly accessToken: Secret
  /** ms since the epoch; null = without an end. */
  readonly expiresAt: number | null
}

/** A page that the person behind the token may connect. */
export interface OfferedPage {
  readonly pageId: string
  readonly name: string
  /** Null where the person's role there gives none: such a page cannot be connected by them. */
  readonly accessToken: Secret | null
  /** What the person may do there, such as `MODERATE`, which following needs. */
  readonly tasks: readonly string[]
}

export interface InspectedToken {
  readonly isValid: boolean
  /** `USER`, `PAGE`, `APP`; null where the platform does not know the token. */
  readonly kind: string | null
  readonly appId: string | null
  /** Of a page token. */
  readonly pageId: string | null
  readonly scopes: readonly string[]
  /** ms since the epoch; null = without an end, or not known. */
  readonly expiresAt: number | null
}

export interface Follower {
  readonly appId: string
  readonly fields: readonly string[]
}

export interface AppSubscription {
  readonly callbackUrl: string
  readonly isActive: boolean
  readonly fields: readonly string[]
}

export interface PageCredentials {
  readonly pageId: string
  readonly accessToken: Secret
}

export interface SetUpClient {
  /** @param nowMs business clock, for the end of the new token */
  exchangeToken(userToken: Secret, nowMs: number): Promise<SetUpResult<LongLivedToken>>
  /** All of them, page after page of the answer. */
  pagesOf(userToken: Secret): Promise<SetUpResult<readonly OfferedPage[]>>
  inspect(token: Secret): Promise<SetUpResult<InspectedToken>>
  followPage(page: PageCredentials, fields: readonly string[]): Promise<SetUpResult<null>>
  /** All of them, as `pagesOf`. */
  followersOf(page: PageCredentials): Promise<SetUpResult<readonly Follower[]>>
  unfollowPage(page: PageCredentials): Promise<SetUpResult<null>>
  /** The platform calls the address before it answers. */
  subscribeApp(subscription: {
    readonly callbackUrl: string
    readonly verifyToken: Secret
    readonly fields: readonly string[]
  }): Promise<SetUpResult<null>>
  subscriptionsOfApp(): Promise<SetUpResult<readonly AppSubscription[]>>
  /** The whole subscription of pages. */
  unsubscribeApp(): Promise<SetUpResult<null>>
}

/** A person has fewer pages, a page fewer apps, than this many answers hold. */
const ANSWERS_MAX = 100
const ROWS_AN_ANSWER = '100'
const SECOND_MS = 1_000

/** @throws OTN_CONFIG_INVALID for a version that is none */
export function createSetUpClient(options: SetUpHost): SetUpClient {
  const { version } = options
  if (!isGraphVersion(version)) {
    const message = 'Graph client: version is no version such as v21.0'
    throw appError('OTN_CONFIG_INVALID', { message })
  }
  const host = { ...options, baseUrl: options.baseUrl.replace(/\/+$/, '') }
  return { ...tokenCalls(host), ...pageCalls(host), ...appCalls(host) }
}

function tokenCalls(host: SetUpHost) {
  return {
    exchangeToken: async (userToken: Secret, nowMs: number) => {
      const answer = await askGraph(host, {
        ...{ method: 'GET', path: '/oauth/access_token', accessToken: null, isProved: false },
        parameters: {
          grant_type: 'fb_exchange_token',
          client_id: host.appId,
          client_secret: host.appSecret.reveal(),
          fb_exchange_token: userToken.reveal(),
        },
        masks: [userToken],
        answer: longLived,
      })
      return mapped(answer, ({ access_token, expires_in }) => ({
        accessToken: new Secret(access_token),
        expiresAt: expires_in ? nowMs + expires_in * SECOND_MS : null,
      }))
    },
    inspect: async (inspected: Secret) => {
      const answer = await askGraph(host, {
        ...{ method: 'GET', path: '/debug_token', accessToken: appToken(host), isProved: false },
        parameters: { input_token: inspected.reveal() },
        masks: [inspected],
        answer: debugged,
      })
      return mapped(answer, ({ data }) => ({
        isValid: data.is_valid,
        kind: data.type ?? null,
        appId: data.app_id ?? null,
        pageId: data.profile_id ?? null,
        scopes: data.scopes ?? [],
        // Seconds; 0 = without an end.
        expiresAt: data.expires_at ? data.expires_at * SECOND_MS : null,
      }))
    },
  } satisfies Partial<SetUpClient>
}

function pageCalls(host: SetUpHost) {
  const followersPath = ({ pageId }: PageCredentials) => `/${pageId}/subscribed_apps`
  return {
    pagesOf: (userToken: Secret) => pagesOf(host, userToken),
    followPage: async (page: PageCredentials, fields: readonly string[]) => {
      const answer = await askGraph(host, {
        ...{ method: 'POST', path: followersPath(page), isProved: true },
        accessToken: page.accessToken,
        parameters: { subscribed_fields: fields.join(',') },
        answer: success,
      })
      return mapped(answer, () => null)
    },
    followersOf: async (page: PageCredentials) => {
      const call = { path: followersPath(page), accessToken: page.accessToken }
      const rows = await allRows(host, call, followers)
      return mapped(rows, (all) =>
        all.map(({ id, subscribed_fields }) => ({ appId: id, fields: subscribed_fields ?? [] })),
      )
    },
    unfollowPage: async (page: PageCredentials) => {
      const answer = await askGraph(host, {
        ...{ method: 'DELETE', path: followersPath(page), isProved: true },
        accessToken: page.accessToken,
        answer: success,
      })
      return mapped(answer, () => null)
    },
  } satisfies Partial<SetUpClient>
}

async function pagesOf(
  host: SetUpHost,
  userToken: Secret,
): Promise<SetUpResult<readonly OfferedPage[]>> {
  const rows = await allRows(host, { path: '/me/accounts', accessToken: userToken }, accounts)
  return mapped(rows, (all) => {
    const pages = new Map(all.map((row) => [row.id, offeredOf(row)]))
    return [...pages.values()]
  })
}

interface Paged<Row> {
  readonly data: readonly Row[]
  readonly paging?: z.infer<typeof accounts>['paging']
}

/**
 * All rows of a list, answer after answer by cursor: the address of the next answer holds the
 * token, and may name another host.
 */
async function allRows<Row>(
  host: SetUpHost,
  call: { readonly path: string; readonly accessToken: Secret },
  answer: z.ZodType<Paged<Row>>,
): Promise<SetUpResult<readonly Row[]>> {
  const rows: Row[] = []
  let after: string | null = null
  for (let answers = 0; answers < ANSWERS_MAX; answers += 1) {
    const parameters: Record<string, string> = { limit: ROWS_AN_ANSWER }
    if (after !== null) parameters.after = after
    const said: SetUpResult<Paged<Row>> = await askGraph(host, {
      ...call,
      ...{ method: 'GET', isProved: true, parameters, answer },
    })
    if (said.kind === 'refused') return said
    const { data, paging } = said.value
    rows.push(...data)
    if (!paging?.next) return done(rows)
    const cursor = paging.cursors?.after ?? null
    if (cursor === null || cursor === after) break
    after = cursor
  }
  // A part must not pass for all of them.
  return refusedFor(faultWithout('unreadable', 'paging'))
}

function offeredOf(page: z.infer<typeof accounts>['data'][number]): OfferedPage {
  const { id, name: called, access_token, tasks } = page
  const accessToken = access_token ? new Secret(access_token) : null
  return { pageId: id, name: called, accessToken, tasks: tasks ?? [] }
}

function appCalls(host: SetUpHost) {
  const path = `/${host.appId}/subscriptions`
  const base = { path, accessToken: appToken(host), isProved: false } as const
  return {
    subscribeApp: async (wish: Parameters<SetUpClient['subscribeApp']>[0]) => {
      const answer = await askGraph(host, {
        ...base,
        method: 'POST',
        parameters: {
          object: 'page',
          callback_url: wish.callbackUrl,
          verify_token: wish.verifyToken.reveal(),
          fields: wish.fields.join(','),
          include_values: 'true',
        },
        masks: [wish.verifyToken],
        answer: success,
      })
      return mapped(answer, () => null)
    },
    subscriptionsOfApp: async () => {
      const answer = await askGraph(host, { ...base, method: 'GET', answer: subscriptions })
      return mapped(answer, ({ data }) =>
        data.filter(({ object }) => object === 'page').map(subscriptionOf),
      )
    },
    unsubscribeApp: async () => {
      const parameters = { object: 'page' }
      const answer = await askGraph(host, {
        ...base,
        ...{ method: 'DELETE', parameters, answer: success },
      })
      return mapped(answer, () => null)
    },
  } satisfies Partial<SetUpClient>
}

function subscriptionOf(row: z.infer<typeof subscriptions>['data'][number]): AppSubscription {
  const fields = row.fields.map((one) => (typeof one === 'string' ? one : one.name))
  return { callbackUrl: row.callback_url, isActive: row.active, fields }
}

/** Stands for the app itself, as the documentation writes it. */
function appToken({ appId, appSecret }: SetUpHost): Secret {
  return new Secret(`${appId}|${appSecret.reveal()}`)
}

function mapped<T, U>(result: SetUpResult<T>, change: (value: T) => U): SetUpResult<U> {
  return result.kind === 'refused' ? result : done(change(result.value))
}
