/**
 * The fold of facts into the world. It changes the world in place: a copy per fact would make the
 * judge slower than what it judges. Nothing else may write to a world.
 */
import { assertNever } from '@otn/kernel'
import { evolveGraph, type GrowingGraphState, newGraphState } from './evolve-graph.ts'
import type { Fact, MessageDelivered, ThreadChanged, TokenIssued } from './facts.ts'
import { isGraphFact } from './graph-facts.ts'
import type { GraphApp } from './graph-state.ts'
import { optInRequestOf } from './opt-in-template.ts'
import {
  type DeliveredMessage,
  type IssuedToken,
  type Page,
  type Person,
  type Thread,
  threadKey,
  type World,
} from './world.ts'

/** A world that only its owner folds facts into. */
export interface GrowingWorld extends World {
  readonly threads: Map<string, Thread>
  readonly tokens: Map<string, IssuedToken>
  readonly deliveries: DeliveredMessage[]
  readonly unsubscribed: Set<string>
  readonly graph: GrowingGraphState
  aheadMs: number
}

const SOME_APP = { appId: '1', name: 'App', accessToken: '1|secret', proof: 'proof' } as const

/** A world in which nothing has happened yet. */
export function newWorld(
  pages: readonly Page[],
  app: GraphApp & { readonly proof: string } = SOME_APP,
): GrowingWorld {
  return {
    pages: new Map(pages.map((page) => [page.pageId, page])),
    pageIdOfAccessToken: new Map(pages.map((page) => [page.accessToken, page.pageId])),
    threads: new Map(),
    tokens: new Map(),
    deliveries: [],
    unsubscribed: new Set(),
    graph: newGraphState(pages, app),
    aheadMs: 0,
  }
}

/** Folds one fact in. Total: a fact about an unknown person or token changes nothing else. */
export function evolve(world: GrowingWorld, fact: Fact): void {
  if (isGraphFact(fact)) {
    evolveGraph(world.graph, fact)
    return
  }
  switch (fact.type) {
    case 'PersonJoined': {
      const key = threadKey(fact.person.pageId, fact.person.psid)
      if (world.threads.has(key)) return
      world.threads.set(key, newThread(fact.person))
      return
    }
    case 'PersonActed':
      if (fact.opensWindow) openWindow(world, fact, fact.atMs)
      return
    case 'PersonBlocked':
    case 'PersonUnblocked':
    case 'PersonStopped':
    case 'PersonResumed':
    case 'ThreadDeleted':
      change(world, fact, (thread) => ({ ...thread, ...changed(fact.type, thread) }))
      return
    case 'TokenIssued':
      issue(world, fact)
      return
    case 'PageEventHappened':
      return
    case 'PageSubscribed':
      world.unsubscribed.delete(fact.pageId)
      return
    case 'PageUnsubscribed':
      world.unsubscribed.add(fact.pageId)
      return
    case 'MessageDelivered':
      deliver(world, fact)
      return
    case 'ClockAdvanced':
      world.aheadMs += fact.byMs
      return
    default:
      assertNever(fact)
  }
}

interface Address {
  readonly pageId: string
  readonly psid: string
}

function change(world: GrowingWorld, at: Address, next: (thread: Thread) => Thread): void {
  const key = threadKey(at.pageId, at.psid)
  const thread = world.threads.get(key)
  if (thread !== undefined) world.threads.set(key, next(thread))
}

function newThread(person: Person): Thread {
  const untouched = { blocked: false, deleted: false, stopped: false }
  return { person, lastActAtMs: null, requests: [], ...untouched }
}

function changed(type: ThreadChanged['type'], { requests }: Thread): Partial<Thread> {
  switch (type) {
    case 'PersonBlocked':
      return { blocked: true }
    case 'PersonUnblocked':
      return { blocked: false }
    case 'PersonStopped':
      return { stopped: true }
    case 'PersonResumed':
      return { stopped: false }
    case 'ThreadDeleted':
      return { deleted: true, requests: requests.map((request) => ({ ...request, gone: true })) }
    default:
      return assertNever(type)
  }
}

function openWindow(world: GrowingWorld, at: Address, atMs: number): void {
  change(world, at, (thread) => ({
    ...thread,
    // Whoever writes again has a chat again; the cards of the old one stay gone.
    deleted: false,
    lastActAtMs: Math.max(atMs, thread.lastActAtMs ?? atMs),
  }))
}

function issue(world: GrowingWorld, { issued, requestMid, opensWindow }: TokenIssued): void {
  if (world.tokens.has(issued.token)) return
  world.tokens.set(issued.token, { ...issued, spent: null })
  if (opensWindow) openWindow(world, issued, issued.grantedAtMs)
  if (requestMid === null) return
  change(world, issued, (thread) => ({
    ...thread,
    requests: thread.requests.map((request) =>
      request.mid === requestMid ? { ...request, tapped: true, token: issued.token } : request,
    ),
  }))
}

function deliver(world: GrowingWorld, { delivered }: MessageDelivered): void {
  const { mid, atMs, token, message } = delivered
  world.deliveries.push(delivered)
  const issued = token === null ? undefined : world.tokens.get(token)
  if (issued !== undefined) world.tokens.set(issued.token, { ...issued, spent: { mid, atMs } })
  const request = optInRequestOf(message)
  if (request === null) return
  const shown = { ...request, mid, shownAtMs: atMs, tapped: false, token: null, gone: false }
  change(world, delivered, (thread) => ({ ...thread, requests: [...thread.requests, shown] }))
}
