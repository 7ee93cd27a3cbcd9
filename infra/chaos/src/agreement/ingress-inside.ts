/** The ingress's way of a webhook, behind an address that the simulator posts to. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  createJournal,
  createPages,
  onPageEvent,
  postWebhook,
  takeWebhook,
} from '@otn/ingress/decisions'
import type { Clock } from '@otn/kernel'
import { type Bytes, identity, shortMac } from '../simulation/bytes.ts'
import type { InnerLog } from './inner-log.ts'
import { listening } from './listening.ts'

const nothing = () => {}
const TELLS_NOBODY = {
  ...{ accepted: nothing, notAcknowledged: nothing, signed: nothing, unauthenticated: nothing },
  ...{ refusedEarly: nothing, handshake: nothing, pageEventUnusable: nothing },
  waitingForLog: nothing,
}

export async function startIngressInside(log: InnerLog, bytes: Bytes, clock: Clock) {
  const pages = createPages(() => null)
  log.read('page', onPageEvent({ pages, pepperCheck: 'p', tell: TELLS_NOBODY }))
  // Signatures have tests of their own: here everything comes from the simulator.
  const digest = (body: Uint8Array) => shortMac(Buffer.from(body).toString('latin1'))
  const authenticator = {
    signedBy: () => ({ appId: '1', secret: 'newest' }) as const,
    digest: (body: Uint8Array) => digest(body).padStart(64, '0'),
  }
  const journal = createJournal({ ...bytes, appender: log.appender })
  const ports = { ...{ identity, pages, journal, clock, authenticator }, tell: TELLS_NOBODY }
  const handle = postWebhook({
    ...ports,
    take: takeWebhook({ ...ports, digest: authenticator.digest, deadlineMs: 10_000 }),
  })
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const { searchParams } = new URL(request.url ?? '', 'http://ingress')
      return void response.end(searchParams.get('hub.challenge'))
    }
    try {
      const body = Buffer.from(await text(request))
      await handle({ appId: null, headers: {}, body, elapsedMs: () => 0 })
      response.end()
    } catch {
      response.writeHead(503).end()
    }
  })
  return listening(server)
}
