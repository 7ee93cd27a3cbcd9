/** The tap on *Notify Me*, decided against the world. */
import { accept, type Decision, refuse } from '@otn/kernel'

import type { Fact } from './facts.ts'
import type { PeopleRefusal, Scene } from './people.ts'
import { type ShownRequest, type Thread, threadOf, type World } from './world.ts'

export interface TapRequest {
  readonly pageId: string
  /** Whoever saw the newest untapped request of the page when absent. */
  readonly psid?: string | undefined
  /** The request that is tapped; the newest untapped one when absent, else the newest. */
  readonly requestMid?: string | undefined
  /**
   * A given payload or token needs no request before it. A token that exists already is told
   * again by an equal webhook and stays what it is.
   */
  readonly payload?: string | undefined
  readonly token?: string | undefined
  readonly timestampMs?: number | undefined
  /** Drawn by the shell, used where nothing is given. */
  readonly fresh: { readonly token: string; readonly psid: string }
}

/** A person taps *Notify Me*. */
export function tap(command: TapRequest, scene: Scene): Decision<Fact, PeopleRefusal> {
  const { world, switches, nowMs } = scene
  const { pageId, fresh } = command
  if (!world.pages.has(pageId)) return refuse('page-unknown')
  if (command.token !== undefined && world.tokens.has(command.token))
    return tellAgain(command, scene)
  const request = findRequest(command, scene)
  const isGiven = command.payload !== undefined || command.token !== undefined
  if (request === undefined && !isGiven) return refuse('request-missing')
  if (request?.gone === true) return refuse('request-gone')
  if (request?.tapped === true && switches.secondTap !== 'new-token') {
    if (switches.secondTap === 'nothing' || request.token === null) return refuse('request-tapped')
    return tellAgain({ ...command, token: request.token, timestampMs: nowMs }, scene)
  }
  const psid = request?.psid ?? command.psid ?? fresh.psid
  const issued = {
    token: command.token ?? fresh.token,
    pageId,
    psid,
    payload: command.payload ?? request?.payload ?? '',
    grantedAtMs: command.timestampMs ?? nowMs,
  }
  const thread = threadOf(world, pageId, psid)
  if (thread?.blocked === true) return refuse('page-blocked')
  const person = { pageId, psid, name: `Person ${psid.slice(-4)}` }
  return accept<Fact>(
    ...(thread === undefined ? [{ type: 'PersonJoined', person } as const] : []),
    {
      type: 'TokenIssued',
      issued,
      requestMid: request?.mid ?? null,
      opensWindow: switches.tapOpensWindow,
    },
  )
}

function tellAgain(
  { pageId, psid, token = '', payload, timestampMs }: TapRequest,
  { world }: Scene,
): Decision<Fact, PeopleRefusal> {
  const known = world.tokens.get(token)
  if (known === undefined || known.pageId !== pageId) return refuse('token-taken')
  if (psid !== undefined && psid !== known.psid) return refuse('token-taken')
  if (payload !== undefined && payload !== known.payload) return refuse('token-taken')
  const { spent: _spent, ...issued } = known
  const grantedAtMs = timestampMs ?? known.grantedAtMs
  return accept({
    type: 'TokenIssued',
    issued: { ...issued, grantedAtMs },
    requestMid: null,
    opensWindow: false,
  })
}

type Found = ShownRequest & { readonly psid: string }

function findRequest(command: TapRequest, { world }: Scene): Found | undefined {
  const { pageId, psid, requestMid } = command
  const isGiven = command.payload !== undefined || command.token !== undefined
  if (isGiven && requestMid === undefined) return undefined
  const threads = psid === undefined ? threadsOf(world, pageId) : [threadOf(world, pageId, psid)]
  const requests = threads.flatMap((thread) =>
    (thread?.requests ?? []).map((request) => ({ ...request, psid: thread?.person.psid ?? '' })),
  )
  if (requestMid !== undefined) return requests.find(({ mid }) => mid === requestMid)
  const shown = requests.toSorted((a, b) => a.shownAtMs - b.shownAtMs)
  return shown.findLast(({ tapped, gone }) => !tapped && !gone) ?? shown.at(-1)
}

function threadsOf(world: World, pageId: string): readonly Thread[] {
  return [...world.threads.values()].filter(({ person }) => person.pageId === pageId)
}
