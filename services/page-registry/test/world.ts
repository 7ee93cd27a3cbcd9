/** A deployment in memory: a platform, a log that is folded at once, and stores. */
import type { AlarmEvent, PageEvent } from '@otn/contracts'
import type { Follower, SetUpClient, SetUpFault } from '@otn/graph-api'
import { appError, type PageId, pageId, Secret } from '@otn/kernel'
import { parseMasterKeys } from '@otn/vault'
import { createPageTokens } from '../src/adapters/page-tokens-vault.ts'
import { foldPageEvent, type PageDocument, unknownPage } from '../src/domain/page.ts'
import { neverWatched, type WatchState } from '../src/domain/watch-state.ts'
import type { Onboarding } from '../src/onboarding/onboarding.ts'
import type { StoredPage, TellWatch } from '../src/ports.ts'
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

const silent: TellWatch = {
  watched: () => {},
  notMended: () => {},
  watchFailed: () => {},
  pageNotWatched: () => {},
  alarmsOwed: () => {},
  tokenUnreadable: () => {},
}

export type World = ReturnType<typeof createWorld>

export function createWorld() {
  const followers = new Map<string, Follower[]>()
  const documents = new Map<PageId, PageDocument>()
  const watches = new Map<PageId, WatchState>()
  const revisions = new Map<PageId, number>()
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
    /** While the answer of a call of the platform is on its way. */
    onCall: (_call: string): void | Promise<void> => {},
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
    metaToUndo: () => platformOf(state),
    tell: silent,
    callback: {
      ...{ url: CALLBACK_URL, verifyToken: new Secret('verify') },
      shakeHands: async () => ({ kind: 'answered', status: 200, echoes: true }),
      postTestEvent: async () => ({ kind: 'answered', status: 200, echoes: false }),
    },
    pages: {
      list: async () => [...documents.keys()].map(stored),
      all: async () => [...documents.keys()].map(stored),
      read: async (page) => stored(page),
      save: async () => {},
    },
    watched: {
      read: async (page) => ({
        state: watches.get(page) ?? neverWatched,
        revision: revisions.get(page) ?? 0,
      }),
      save: async (page, { state: watch, revision }) => {
        if (state.isStoreAway) throw appError('OTN_STORE_UNREACHABLE', { message: 'away' })
        if (revision !== (revisions.get(page) ?? 0)) {
          throw appError('OTN_STORE_CONFLICT', { message: 'written meanwhile' })
        }
        watches.set(page, watch)
        revisions.set(page, revision + 1)
        return { state: watch, revision: revision + 1 }
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
  const noted = async <T>(call: string, value: () => T) => {
    state.calls.push(call)
    const answer = done(value())
    await state.onCall(call)
    return answer
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
