/** An ingress process: the real way of a webhook, from its bytes to the log. */
import {
  createJournal,
  createPages,
  onPageEvent,
  postWebhook,
  takeWebhook,
} from '@otn/ingress/decisions'
import type { Actor } from './actor.ts'
import { identity, shortMac } from './bytes.ts'
import { flawedAck } from './flawed-ports.ts'
import { followPages } from './follow-pages.ts'
import { appenderOf, type Universe } from './universe.ts'

export interface IngressApi {
  readonly actor: Actor
  /** Resolves where the answer is 200. */
  post(body: Buffer): Promise<void>
}

const DEADLINE_MS = 2_000
const nothing = () => {}
const TELLS_NOBODY = {
  ...{ accepted: nothing, notAcknowledged: nothing, signed: nothing, unauthenticated: nothing },
  ...{ refusedEarly: nothing, handshake: nothing, pageEventUnusable: nothing },
  waitingForLog: nothing,
}

export async function startIngress(universe: Universe, actor: Actor): Promise<IngressApi> {
  const { bytes, clock } = universe
  const pages = createPages(() => null)
  const onEvent = onPageEvent({ pages, pepperCheck: 'p', tell: TELLS_NOBODY })
  await followPages(universe, actor, { onEvent, followed: { next: 0 } })
  const appender = appenderOf(universe, actor, (records) => records[0]?.topic ?? 'none')
  const journal = createJournal({
    ...bytes,
    appender: {
      append: async (records) => {
        const append = () => appender.append(records)
        await flawedAck(universe, { count: records.length, append })
        return []
      },
    },
  })
  const authenticator = {
    signedBy: () => ({ appId: '1', secret: 'newest' }) as const,
    digest: (body: Uint8Array) => shortMac(Buffer.from(body).toString('latin1')).padStart(64, '0'),
  }
  const ports = { ...{ identity, pages, journal, clock, authenticator }, tell: TELLS_NOBODY }
  const { digest } = authenticator
  const handle = postWebhook({
    ...ports,
    take: takeWebhook({ ...ports, digest, deadlineMs: DEADLINE_MS }),
  })
  const post = async (body: Buffer) => {
    await handle({ appId: null, headers: {}, body, elapsedMs: () => 0 })
  }
  return { actor, post }
}
