/**
 * The fault points, put around the ports where they are joined: no handler and no adapter knows of
 * them. While no faults are wanted each seam hands back the very port it was given, and no hook
 * stands in the way of a request.
 */
import { busAnswerLost, type Faults, type HttpServer } from '@otn/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IngressFaultPoint } from '../fault-points.ts'
import type { Authenticator, Journal, Spool, SpoolDisk, SpoolFile, TakeWebhook } from '../ports.ts'

type Points = Faults<IngressFaultPoint>

export interface Seams {
  readonly authenticator: (authenticator: Authenticator) => Authenticator
  readonly journal: (journal: Journal) => Journal
  readonly spool: (spool: Spool) => Spool
  readonly disk: (disk: SpoolDisk) => SpoolDisk
  readonly drain: (take: TakeWebhook) => TakeWebhook
  /** Told of the scope of the webhook routes before they are added; null = nobody is. */
  readonly onScope: ((scope: HttpServer) => void) | null
}

export function seamsWith(points: Points | null): Seams {
  if (points === null) return NONE
  const within = <T>(point: IngressFaultPoint, work: () => T): T => {
    points.pass(point, 'before')
    const done = work()
    points.pass(point, 'after')
    return done
  }
  return {
    authenticator: (authenticator) => ({
      ...authenticator,
      signedBy: (...request) => within('verify', () => authenticator.signedBy(...request)),
    }),
    journal: (journal) => ({
      seal: (fact) => within('seal', () => journal.seal(fact)),
      append: (records, deadlineMs) => {
        const append = () => oneByOne(journal, { records, deadlineMs, points })
        return points.around('acknowledge', append)
      },
    }),
    spool: (spool) => ({
      ...spool,
      append: (...webhook) => points.around('spool', () => spool.append(...webhook)),
    }),
    disk: (disk) => ({
      ...disk,
      create: async () => fileWith(points, await disk.create()),
      remove: (name) => points.around('spool-remove', () => disk.remove(name)),
    }),
    drain: (take) => (webhook, elapsedMs) => points.around('drain', () => take(webhook, elapsedMs)),
    onScope: (scope) => addHooks(scope, points),
  }
}

function fileWith(points: Points, file: SpoolFile): SpoolFile {
  return {
    ...file,
    write: (bytes) => points.around('spool-write', () => file.write(bytes)),
    sync: () => points.around('spool-sync', () => file.sync()),
  }
}

const same = <T>(port: T): T => port

const NONE: Seams = {
  ...{ authenticator: same, journal: same, spool: same, disk: same, drain: same },
  onScope: null,
}

interface Appending {
  readonly records: Parameters<Journal['append']>[0]
  readonly deadlineMs: number
  readonly points: Points
}

/** Some appended, some not: within one send of many records nobody could stop between them. */
async function oneByOne(
  journal: Journal,
  { records, deadlineMs, points }: Appending,
): Promise<void> {
  const endMs = performance.now() + deadlineMs
  for (const record of records) {
    const leftMs = Math.max(1, endMs - performance.now())
    await points.around('append', () => journal.append([record], leftMs), busAnswerLost)
  }
}

/** What a posted webhook passes beside the ports; hooks of a scope come before its routes' own. */
function addHooks(scope: HttpServer, points: Points): void {
  const isPosted = ({ method }: FastifyRequest) => method === 'POST'
  const isReceived = (request: FastifyRequest, { statusCode }: FastifyReply) =>
    isPosted(request) && statusCode === 200
  scope.addHook('onRequest', async (request) => {
    if (isPosted(request)) points.pass('receive', 'before')
  })
  scope.addHook('preParsing', async (request) => {
    if (!isPosted(request)) return
    points.pass('receive', 'after')
    points.pass('read', 'before')
  })
  scope.addHook('preValidation', async (request) => {
    if (isPosted(request)) points.pass('read', 'after')
  })
  scope.addHook('onSend', async (request, reply) => {
    if (!isReceived(request, reply)) return
    points.pass('answer', 'before')
    if (points.loses('answer')) request.raw.socket.destroy()
  })
  scope.addHook('onResponse', async (request, reply) => {
    if (isReceived(request, reply) && !request.raw.socket.destroyed) points.pass('answer', 'after')
  })
}
