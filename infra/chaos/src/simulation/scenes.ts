/** Lives of one command in which something is wrong from the start. */
import type { Notify } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { PAGES } from './platform.ts'
import type { Rule } from './rules.ts'
import type { Cue } from './script.ts'
import { idOf } from './send-request.ts'
import { SETTINGS } from './settings.ts'
import { TEXT, titleOf, type Workload } from './workload.ts'
import { START_MS } from './world.ts'

/** A world that is being thought out. */
export interface Draft {
  readonly workload: Workload
  readonly cues: readonly Cue[]
  /** The only rules that can hold; null = all. */
  readonly judges: ReadonlySet<Rule> | null
}

export interface Scene {
  /** As named in the table of crash points. */
  readonly name: 'log-loss' | 'poison' | 'expiring' | 'rival' | 'repeated'
  readonly make: (draft: Draft) => Draft
}

const theCommand = {
  commandId: commandId('c1'),
  pageId: pageId(PAGES[0]),
  psid: pageScopedUserId('2001'),
  topic: 'restock',
  text: TEXT,
}

export const single: Workload = {
  tokens: [
    { raw: '44001', page: PAGES[0], psid: '2001', topic: 'restock', grantedAt: START_MS },
    { raw: '44002', page: PAGES[0], psid: '2001', topic: 'restock', grantedAt: START_MS },
  ],
  commands: [theCommand],
  ...{
    requests: [],
    writers: [],
    cancels: [],
    stolen: [],
    poison: 0,
    policy: 'probe',
    isSingleUse: true,
    tellsUsed: false,
  },
  dispatchers: 2,
}

/** One question to somebody who wrote an hour ago. */
export const singleQuestion: Workload = {
  ...single,
  commands: [],
  requests: [
    {
      commandId: commandId('r1'),
      pageId: pageId(PAGES[0]),
      psid: pageScopedUserId('2001'),
      topic: 'news',
      title: titleOf('news'),
      context: 'x',
    },
  ],
  writers: [{ page: PAGES[0], psid: '2001', at: START_MS - 3_600_000 }],
}

/** The same person is asked the same thing twice, at the same time. */
export const rivalQuestions: Workload = {
  ...singleQuestion,
  requests: singleQuestion.requests.flatMap((request) => [
    request,
    { ...request, commandId: commandId('r2') },
  ]),
}

/** A token pays for the question, for which a message competes. */
export const payingQuestion: Workload = {
  ...single,
  tokens: single.tokens.slice(0, 1),
  requests: singleQuestion.requests.map(({ psid: _, ...request }) => ({
    ...request,
    tokenId: tokenId(idOf('44001')),
  })),
}

/** One message by each other route, to somebody who wrote an hour ago and has a token. */
export const messagesBy = {
  window: messageBy({ route: 'WINDOW' }),
  auto: messageBy({ route: 'AUTO' }),
  tag: messageBy({ route: 'TAG', tag: 'HUMAN_AGENT' }),
} as const

function messageBy(routed: Pick<Notify, 'route' | 'tag'>): Workload {
  const commands = [{ ...theCommand, ...routed }]
  return { ...single, commands, writers: singleQuestion.writers }
}

/** Of a message that the log forgot nobody can know but by the platform. */
const WITHOUT_THE_LOG: ReadonlySet<Rule> = new Set([
  'a token delivers once',
  'a command delivers once',
  'sent means that a message went out',
  'no process fails by a bug',
  'the judge does not fail',
])

const LEFT_MS = 60_000

export const SCENES: readonly Scene[] = [
  { name: 'log-loss', make: withLogLoss },
  { name: 'poison', make: (draft) => withWork(draft, { poison: 1 }) },
  { name: 'expiring', make: withExpiry },
  { name: 'rival', make: withRival },
  { name: 'repeated', make: withRepeats },
]

function withWork(draft: Draft, work: Partial<Workload>): Draft {
  return { ...draft, workload: { ...draft.workload, ...work } }
}

/**
 * What was acknowledged is gone, and the databases with it: both are made anew from the rest, and
 * offer a token that is spent to two commands, one of which never had it.
 */
function withLogLoss(draft: Draft): Draft {
  const cue = { by: 'dispatcher', call: 'store.write told', nth: 1, fault: 'log-loss' } as const
  const rivals = withWork(withRival(draft), { tellsUsed: true })
  return { ...rivals, cues: [...draft.cues, cue], judges: WITHOUT_THE_LOG }
}

/** A day passes between the choice of the token and the call: then its year is over. */
function withExpiry(draft: Draft): Draft {
  const age = SETTINGS.lifeMs - SETTINGS.expiryMarginMs - LEFT_MS
  const { tokens } = draft.workload
  const old = tokens.map((token) => ({ ...token, grantedAt: START_MS - age }))
  const cue = { by: 'dispatcher', call: 'graph.connect', nth: 1, fault: 'jump-on' } as const
  return { ...withWork(draft, { tokens: old }), cues: [...draft.cues, cue] }
}

export function withRival(draft: Draft): Draft {
  const { tokens, commands } = draft.workload
  const rival = { ...theCommand, commandId: commandId('c2') }
  return withWork(draft, { tokens: tokens.slice(0, 1), commands: [...commands, rival] })
}

function withRepeats(draft: Draft): Draft {
  const other = { ...theCommand, text: 'something else' }
  return withWork(draft, { commands: [...draft.workload.commands, theCommand, other] })
}
