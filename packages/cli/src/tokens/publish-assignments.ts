/** Writes that tokens held already were given for a topic (`TokenTopicAssigned`). */
import type { OpenedLog } from '@otn/bus'
import { cloudEventHeaders, type TokenEvent } from '@otn/contracts'
import { type PageId, personId, tokenId } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import { createIdentity } from '@otn/vault'
import { pepperSettings } from '../cli-settings.ts'
import type { Run } from '../commands/leaf.ts'
import { type Held, lastAssignment } from './held-tokens.ts'

const ACKNOWLEDGE_MS = 10_000
const AT_ONCE = 200
const REQUESTED_BY = 'otn-cli'

export interface Assigning {
  readonly topic: string
  readonly pageId: PageId
  readonly log: OpenedLog
  readonly run: Run
}

/**
 * Resolves when all of them are acknowledged. The id of a fact follows from what it says and from
 * the assignment before it: published again after a cut it is the same fact, while a topic that
 * was changed and put back is a new one.
 * @throws CliError as `callService`, OTN_BUS_*
 */
export async function publishAssignments(
  tokens: readonly Held[],
  assigning: Assigning,
): Promise<void> {
  const { bus, codec } = assigning.log
  const appender = bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  for (let from = 0; from < tokens.length; from += AT_ONCE) {
    const events: TokenEvent[] = []
    for (const token of tokens.slice(from, from + AT_ONCE)) {
      events.push(await assignment(token, assigning))
    }
    await appender.append(
      events.map((event) => {
        const { eventId: id, type, person } = event
        return {
          topic: 'token' as const,
          key: String(person),
          value: codec.encode('TokenEvent', event),
          headers: { ...cloudEventHeaders({ id, source: '/otn/cli', type }) },
        }
      }),
    )
  }
}

async function assignment(token: Held, { topic, pageId, run }: Assigning): Promise<TokenEvent> {
  const { context, shell } = run
  const identity = createIdentity(pepperKey(context.read(pepperSettings).personPepper))
  // A token without a topic was never assigned one.
  const before = token.topic === null ? null : await lastAssignment(token.tokenId, run)
  const type = 'TokenTopicAssigned'
  return {
    type,
    eventId: identity.event(type, pageId, [token.tokenId, topic, before?.eventId ?? '']),
    pageId,
    // Of two corrections the younger one holds, whatever clock wrote the other.
    at: Math.max(shell.nowMs(), (before?.at ?? 0) + 1),
    person: personId(token.person),
    tokenId: tokenId(token.tokenId),
    topic,
    requestedBy: REQUESTED_BY,
  }
}
