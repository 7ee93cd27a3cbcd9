/** A deployment in memory: a platform, a log that is folded at once, and stores. */
import type { AlarmEvent, PageEvent } from '@otn/contracts'
import type { Follower, SetUpClient, SetUpFault } from '@otn/graph-api'
import { appError, type PageId, pageId, Secret } from '@otn/kernel'
import { parseMasterKeys } from '@otn/vault'
import { createPageTokens } from '../src/adapters/page-tokens-vault.ts'
import { foldPageEvent, type PageDocument, unknownPage } from '../src/domain/page.ts'
import { neverWatched, type WatchState } from '../src/domain/watch.ts'
import type { Onboarding } from '../src/onboarding/onboarding.ts'
import type { StoredPage } from '../src/ports.ts'
import { identity, MASTER_KEY } from './identity.ts'

export const APP = '77'
export const FIELDS = ['messages', 'messaging_optins']
export const CALLBACK_URL = 'https://here/webhook'
export const NOW = 1_800_000_000_000
/** A key of the same length under another id. */
export const OTHER_KEY = `key-2:${Buffer.alloc(32, 9).toString('base64')}`

export function keysOf(text: string) {
  const parsed = parseMasterKeys(text)
  if ('fault' in parsed) throw new Error(parsed.fault)
  return parsed.keys
}

export type World = ReturnType<typeof createWorld>

export function createWorld() {
  const followers = new Map<string, Follower[]>()
  const documents = new Map<PageId, PageDocument>()
  const watches = new Map<PageId, WatchState>()
  const state = {
    nowMs: NOW,
    masterKey: MASTER_KEY,
    followers,
    watches,
    subscription: { callbackUrl: CALLBACK_URL, isActive: true, fields: FIELDS },
    facts: [] as PageEvent[],
    alarms: [] as AlarmEvent[],
    calls: [] as string[],
    /** What publishing ends with, and whether the log may hold the fact all the same. */
    refusal: null as {
      readonly code: 'OTN_BUS_NOT_ACKNOWLEDGED'
      readonly mayHold: boolean
    } | null,
    isStoreAway: false,
    /** Whether the platform did not get its challenge back. */
    refusesSubscription: false,
    /** Before each call of the platform. */
    onCall: (_call: string) => {},
  }
  const refused = () => {
    if (state.refusal !== null) throw appError(state.refusal.code, { message: 'not now' })
  }
  const stored = (page: PageId): StoredPage => ({
    pageId: page,
    page: documents.get(page) ?? unknownPage,
    revision: 1,
  })
  const publishPage = async (event: PageEvent) => {
    refused()
    state.facts.push(event)
    const page = pageId(event.pageId ?? '')
    documents.set(page, foldPageEvent(stored(page).page, event))
  }
  const parts: Onboarding = {
    ...{ appId: APP, fields: FIELDS, identity, clock: { nowMs: () => state.nowMs } },
    meta: () => platformOf(state),
    callback: {
      ...{ url: CALLBACK_URL, verifyToken: new Secret('verify') },
      shakeHands: async () => ({ kind: 'answered', status: 200, echoes: true }),
      postTestEvent: async () => ({ kind: 'answered', status: 200, echoes: false }),
    },
    pages: {
      all: async () => [...documents.keys()].map(stored),
      read: async (page) => stored(page),
      save: async () => {},
    },
    watched: {
      read: async (page) => watches.get(page) ?? neverWatched,
      save: async (page, watch) => {
        if (state.isStoreAway) throw appError('OTN_STORE_UNREACHABLE', { message: 'away' })
        watches.set(page, watch)
      },
    },
    get tokens() {
      return createPageTokens(keysOf(state.masterKey))
    },
    log: {
      publishPage,
      publishAlarms: async (events) => {
        refused()
        state.alarms.push(...events)
      },
      mayHold: () => state.refusal?.mayHold === true,
    },
    untilFolded: async (page, has) => {
      if (state.isStoreAway) throw appError('OTN_STORE_UNREACHABLE', { message: 'away' })
      return has(stored(page))
    },
  }
  return Object.assign(state, { parts })
}

type Platform = Pick<
  World,
  'followers' | 'subscription' | 'calls' | 'onCall' | 'refusesSubscription'
>

const notVerified: SetUpFault = {
  ...{ reason: 'callback-not-verified', meaning: 'No challenge', next: 'See the address' },
  ...{ code: 2200, subcode: null, detail: null, fbtraceId: null },
}
const done = <T>(value: T) => ({ kind: 'done', value }) as const

function platformOf(state: Platform): SetUpClient {
  const noted = <T>(call: string, value: () => T) => {
    state.onCall(call)
    state.calls.push(call)
    return Promise.resolve(done(value()))
  }
  const { followers } = state
  const others = (page: string) => (followers.get(page) ?? []).filter(({ appId }) => appId !== APP)
  const token = { isValid: true, kind: 'PAGE', appId: APP, expiresAt: null, pageId: null }
  const scopes = ['pages_messaging', 'pages_manage_metadata']
  return {
    exchangeToken: (accessToken) => noted('exchange', () => ({ accessToken, expiresAt: null })),
    pagesOf: (user) =>
      noted('pages', () =>
        ['1000', '2000'].map((id) => {
          const accessToken = new Secret(`${user.reveal()}-${id}`)
          return { pageId: id, name: `Page ${id}`, accessToken, tasks: [] }
        }),
      ),
    inspect: () => noted('inspect', () => ({ ...token, scopes })),
    followPage: ({ pageId: page }, fields) =>
      noted(`follow ${page}`, () => {
        followers.set(page, [...others(page), { appId: APP, fields }])
        return null
      }),
    followersOf: ({ pageId: page }) => noted(`followers ${page}`, () => followers.get(page) ?? []),
    unfollowPage: ({ pageId: page }) =>
      noted(`unfollow ${page}`, () => {
        followers.set(page, others(page))
        return null
      }),
    subscribeApp: async () => {
      const answer = await noted('subscribe', () => null)
      return state.refusesSubscription ? { kind: 'refused', fault: notVerified } : answer
    },
    subscriptionsOfApp: () => noted('subscriptions', () => [state.subscription]),
    unsubscribeApp: () => noted('unsubscribe', () => null),
  }
}
