/** Where a call goes: the one table of what this Graph side knows. */
import { authenticate } from './authenticate.ts'
import type { GraphCall, GraphRoute, PageRoute } from './graph-call.ts'
import type { GraphContext } from './graph-context.ts'
import type { GraphRequest } from './graph-request.ts'
import { judgeSend } from './judge-send.ts'
import {
  type HandshakeWanted,
  isRefused,
  type Judgement,
  type Outcome,
  type Refused,
  refusal,
  wantsHandshake,
} from './judgement.ts'
import { readPage } from './read-page.ts'
import { listAccounts } from './set-up/accounts.ts'
import { readSubscriptions, removeSubscription, subscribeApp } from './set-up/app-subscriptions.ts'
import { debugToken } from './set-up/debug-token.ts'
import { exchangeToken } from './set-up/exchange-token.ts'
import { reviewFeatures } from './set-up/feature-review.ts'
import { uploadAttachment } from './set-up/message-attachments.ts'
import { readProfile, removeProfile, setProfile } from './set-up/messenger-profile.ts'
import { readPerson } from './set-up/person-profile.ts'
import { followPage, readFollowers, unfollowPage } from './set-up/subscribed-apps.ts'
import { changeThread, readThreadOwner } from './set-up/thread-control.ts'
import { readUser } from './set-up/user.ts'
import { versionState } from './versions.ts'

/** `GET edge` of the page that the token belongs to; the empty edge is the page itself. */
const PAGE_ROUTES: Readonly<Record<string, PageRoute>> = {
  'GET ': readPage,
  'POST messages': judgeSend,
  'POST message_attachments': uploadAttachment,
  'GET subscribed_apps': readFollowers,
  'POST subscribed_apps': followPage,
  'DELETE subscribed_apps': unfollowPage,
  'GET messenger_profile': readProfile,
  'POST messenger_profile': setProfile,
  'DELETE messenger_profile': removeProfile,
  'GET messaging_feature_review': reviewFeatures,
  'GET thread_owner': readThreadOwner,
  'POST pass_thread_control': changeThread,
  'POST take_thread_control': changeThread,
  'POST request_thread_control': changeThread,
  'POST release_thread_control': changeThread,
  'POST extend_thread_control': changeThread,
}

const USER_ROUTES: Readonly<Record<string, GraphRoute>> = {
  'GET ': readUser,
  'GET accounts': listAccounts,
}

const APP_ROUTES: Readonly<Record<string, GraphRoute>> = {
  'GET subscriptions': readSubscriptions,
  'POST subscriptions': subscribeApp,
  'DELETE subscriptions': removeSubscription,
}

/** Answers one call. Equal worlds, requests and contexts give equal judgements. */
export function answerGraph(
  request: GraphRequest,
  context: GraphContext,
): Judgement | HandshakeWanted {
  const outcome = checkVersion(request, context) ?? route(request, context)
  if (wantsHandshake(outcome)) return outcome
  return isRefused(outcome) ? refusal(outcome, context) : outcome
}

function checkVersion({ path }: GraphRequest, { switches, nowMs }: GraphContext): Refused | null {
  const state = versionState(path.version, nowMs)
  if (state === 'unknown') return { situation: 'path-unknown', detail: `/${path.version}` }
  const isRefusedNow = state === 'expired' && switches.expiredVersions === 'refused'
  return isRefusedNow ? { situation: 'version-expired' } : null
}

function route(request: GraphRequest, context: GraphContext): Outcome {
  const { node, edge, rest } = request.path
  // The one call that carries no access token: it asks for one.
  if (node === 'oauth' && edge === 'access_token') return exchangeToken(request, context)
  const caller = authenticate(request, context)
  if (typeof caller === 'string') return { situation: caller }
  if (rest !== '') return { situation: 'path-unknown', detail: rest }
  const call = { request, caller, context }
  if (node === 'debug_token' && edge === null) return debugToken(call)
  switch (caller.kind) {
    case 'page':
      return routeOfPage(call)
    case 'user':
      if (node !== 'me') return { situation: 'page-token-required' }
      return pick(USER_ROUTES, request)?.(call) ?? strange(USER_ROUTES, request)
    case 'app':
      if (node !== context.world.graph.app.appId) return missing(node)
      return pick(APP_ROUTES, request)?.(call) ?? strange(APP_ROUTES, request)
  }
}

function routeOfPage(call: GraphCall): Outcome {
  const { request, caller, context } = call
  const { node, edge } = request.path
  const page = context.world.pages.get(caller.pageId)
  if (page === undefined) return { situation: 'access-token-invalid' }
  // A page token sees its own page only; whether another page exists is not told.
  if (node === 'me' || node === page.pageId) {
    return pick(PAGE_ROUTES, request)?.({ ...call, page }) ?? strange(PAGE_ROUTES, request)
  }
  if (edge === null && request.method === 'GET') return readPerson({ ...call, page })
  return missing(node)
}

function pick<R>(routes: Readonly<Record<string, R>>, { method, path }: GraphRequest) {
  return routes[`${method} ${path.edge ?? ''}`]
}

/** No such edge, or no such method on it. */
function strange<R>(routes: Readonly<Record<string, R>>, { method, path }: GraphRequest): Refused {
  const edge = path.edge ?? ''
  const isKnown = Object.keys(routes).some((name) => name.endsWith(` ${edge}`))
  return isKnown
    ? { situation: 'method-unsupported', detail: method.toLowerCase() }
    : { situation: 'path-unknown', detail: `/${edge}` }
}

function missing(node: string): Refused {
  return { situation: 'object-missing', detail: node }
}
