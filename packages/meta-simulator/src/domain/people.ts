/** What people may do, decided against the world: facts, or why it cannot be. */
import { accept, type Decision, refuse } from '@otn/kernel'

import { consequencesOfAct, consequencesOfEvent } from './consequences.ts'
import type { Fact, ThreadChanged } from './facts.ts'
import type { PageEvent } from './page-event.ts'
import { opensWindow, type PersonAct } from './person-act.ts'
import type { Switches } from './switches.ts'
import { type Person, type Thread, threadOf, type World } from './world.ts'

export type PeopleRefusal =
  | 'page-unknown'
  | 'person-unknown'
  | 'request-missing'
  | 'request-tapped'
  | 'request-gone'
  | 'page-blocked'
  | 'token-taken'

/** The world and its rules, at a moment of the simulator's clock. */
export interface Scene {
  readonly world: World
  readonly switches: Switches
  readonly nowMs: number
}

/** Somebody whom a page has not met. Joining again changes nothing. */
export function join(person: Person, { world }: Scene): Decision<Fact, PeopleRefusal> {
  if (!world.pages.has(person.pageId)) return refuse('page-unknown')
  if (threadOf(world, person.pageId, person.psid) !== undefined) return accept()
  return accept({ type: 'PersonJoined', person })
}

export interface ActInThread {
  readonly pageId: string
  readonly psid: string
  readonly act: PersonAct
  /** When it happened, milliseconds; the scene's now when absent. */
  readonly timestampMs?: number | undefined
}

/** A person writes, presses, reacts or reads. */
export function actInThread(
  { pageId, psid, act, timestampMs }: ActInThread,
  { world, nowMs }: Scene,
): Decision<Fact, PeopleRefusal> {
  if (!world.pages.has(pageId)) return refuse('page-unknown')
  const thread = threadOf(world, pageId, psid)
  if (thread === undefined) return refuse('person-unknown')
  if (thread.blocked) return refuse('page-blocked')
  const atMs = timestampMs ?? nowMs
  const acted = { pageId, psid, act, opensWindow: opensWindow(act), atMs }
  const fact = { type: 'PersonActed', ...acted } as const
  return accept<Fact>(fact, ...consequencesOfAct(fact))
}

/** What a person may do to the thread as a whole; doing it again changes nothing. */
export type ThreadAct = 'block' | 'unblock' | 'stop' | 'resume' | 'delete-chat'

const THREAD_ACTS = {
  block: ['PersonBlocked', (thread: Thread) => !thread.blocked],
  unblock: ['PersonUnblocked', (thread: Thread) => thread.blocked],
  stop: ['PersonStopped', (thread: Thread) => !thread.stopped],
  resume: ['PersonResumed', (thread: Thread) => thread.stopped],
  'delete-chat': ['ThreadDeleted', (thread: Thread) => !thread.deleted],
} as const satisfies Readonly<
  Record<ThreadAct, readonly [ThreadChanged['type'], (thread: Thread) => boolean]>
>

export interface ChangeThread {
  readonly pageId: string
  readonly psid: string
  readonly act: ThreadAct
}

/** A person blocks, stops, deletes the chat, or takes one of these back. */
export function changeThread(
  { pageId, psid, act }: ChangeThread,
  { world, nowMs }: Scene,
): Decision<Fact, PeopleRefusal> {
  if (!world.pages.has(pageId)) return refuse('page-unknown')
  const thread = threadOf(world, pageId, psid)
  if (thread === undefined) return refuse('person-unknown')
  const [type, changesSomething] = THREAD_ACTS[act]
  return changesSomething(thread) ? accept({ type, pageId, psid, atMs: nowMs }) : accept()
}

export interface HappenOnPage {
  readonly pageId: string
  readonly psid: string | null
  readonly event: PageEvent
  readonly timestampMs?: number | undefined
}

/** Meta, another app or a moderator does something to a page or a thread. */
export function happenOnPage(
  { pageId, psid, event, timestampMs }: HappenOnPage,
  { world, nowMs }: Scene,
): Decision<Fact, PeopleRefusal> {
  if (!world.pages.has(pageId)) return refuse('page-unknown')
  const isInThread = psid !== null || event.kind === 'echo'
  if (isInThread && threadOf(world, pageId, psid ?? '') === undefined) {
    return refuse('person-unknown')
  }
  const atMs = timestampMs ?? nowMs
  const fact = { type: 'PageEventHappened', pageId, psid, event, atMs } as const
  return accept<Fact>(fact, ...consequencesOfEvent(fact))
}
