/** Tokens as the token-ledger tells of them, to be assigned to a topic. */
import { ledgerSettings } from '../cli-settings.ts'
import type { Run } from '../commands/leaf.ts'
import { CliError, exitCodes } from '../exit-code.ts'
import { callService, type JsonObject, type ServiceDoor } from '../http/call-service.ts'

const LIMIT = '200'
/** An answer that never ends is a fault of its server. */
const PAGES_MAX = 10_000

export interface Held {
  readonly tokenId: string
  readonly pageId: string
  readonly person: string
  readonly topic: string | null
  readonly state: string
}

interface Asked {
  readonly pageId: string
  readonly run: Run
}

/** @throws CliError 3 where one of them is not of the page */
export async function heldTokens(
  ids: readonly string[],
  { pageId, run }: Asked,
): Promise<readonly Held[]> {
  const door = doorOf(run)
  const held: Held[] = []
  for (const id of new Set(ids)) {
    const token = heldOf(await callService(door, { path: `/v1/tokens/${id}` }))
    if (token.pageId !== pageId) {
      const message = `<ids>: got ${id}, wanted a token of page ${pageId}: it is another page’s`
      throw new CliError(exitCodes.notFound, message, `pnpm otn token get ${id}`)
    }
    held.push(token)
  }
  return held
}

/** Every live token of a page that no rule named a topic for. */
export async function unmappedTokens(pageId: string, run: Run): Promise<readonly Held[]> {
  const door = doorOf(run)
  const held: Held[] = []
  let after: string | undefined
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const query = { state: 'live', unmapped: 'true', limit: LIMIT, after }
    const answer = await callService(door, { path: `/v1/pages/${pageId}/tokens`, query })
    held.push(...(Array.isArray(answer.items) ? answer.items.map(heldOf) : []))
    if (typeof answer.next !== 'string') return held
    after = answer.next
  }
  throw new CliError(exitCodes.failed, 'the token-ledger’s list of tokens does not end')
}

export interface Assignable {
  readonly open: readonly Held[]
  readonly skipped: readonly (Held & { readonly why: string })[]
}

/** Those that an assignment changes something for. */
export function assignable(held: readonly Held[], topic: string): Assignable {
  const told = held.map((token) => ({ ...token, why: hindrance(token, topic) }))
  return {
    open: held.filter((token) => hindrance(token, topic) === null),
    skipped: told.flatMap(({ why, ...token }) => (why === null ? [] : [{ ...token, why }])),
  }
}

function hindrance({ topic, state }: Held, wanted: string): string | null {
  if (topic === wanted) return 'has this topic'
  return state === 'live' ? null : state
}

export interface Assignment {
  readonly eventId: string
  readonly at: number
}

/** The last topic that a token was assigned; null where it never was. */
export async function lastAssignment(tokenId: string, run: Run): Promise<Assignment | null> {
  const answer = await callService(doorOf(run), { path: `/v1/tokens/${tokenId}/history` })
  const facts: readonly JsonObject[] = Array.isArray(answer.items) ? answer.items : []
  const last = facts.findLast(({ type }) => type === 'TokenTopicAssigned')
  if (typeof last?.eventId !== 'string' || typeof last.at !== 'number') return null
  return { eventId: last.eventId, at: last.at }
}

function doorOf({ context, shell }: Run): ServiceDoor {
  return { name: 'token-ledger', fetch: shell.fetch, ...context.read(ledgerSettings) }
}

function heldOf(answer: JsonObject): Held {
  const { tokenId, pageId, person, topic, state } = answer
  return {
    tokenId: String(tokenId),
    pageId: String(pageId),
    person: String(person),
    topic: typeof topic === 'string' ? topic : null,
    state: String(state),
  }
}
