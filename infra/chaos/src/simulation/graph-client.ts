import type { GraphClient, GraphObservation, GraphSend } from '@otn/graph-api'
import { appError, isAppError } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { Answer } from './answers.ts'
import { readRequest } from './send-request.ts'
import type { Universe } from './universe.ts'

/** A call ends by then, whatever happens. */
const TOTAL_MS = 25_000

const notReached = () => appError('OTN_BUS_UNREACHABLE', { message: 'no connection' })

/** The way to the platform as a caller sees it: no connection, no answer, or an answer. */
export function graphClientOf(universe: Universe, actor: Actor): GraphClient {
  const once = (call: GraphSend) => exchange(universe, actor, call)
  return {
    send: async (call) => {
      const seen = await once(call)
      const isLost = seen.seen === 'unknown'
      if (universe.flaw === 'hidden HTTP retry' && isLost) return once(call)
      if (universe.flaw === '5xx = failed' && seen.seen === 'answered' && seen.status >= 500) {
        return { ...seen, status: 400, json: { error: { code: 551 } } }
      }
      return seen
    },
    close: async () => {},
    destroy: async () => {},
  }
}

async function exchange(
  { wire, scheduler, platform, judge }: Universe,
  actor: Actor,
  { body, mayStart }: GraphSend,
): Promise<GraphObservation> {
  const connect = { label: 'graph.connect', effect: () => {}, error: notReached, isRead: true }
  try {
    await wire.call(actor, connect)
  } catch (error) {
    if (!isAppError(error)) throw error
    return { seen: 'not-sent', cause: 'refused' }
  }
  if (mayStart && !mayStart()) return { seen: 'not-sent', cause: 'withdrawn' }
  const request = readRequest(body)
  const startedMs = scheduler.nowMs
  judge.called(actor, request)
  const effect = () => platform.receive(request)
  try {
    const answer = await wire.call(actor, { label: 'graph.send', effect, error: notReached })
    if (scheduler.nowMs - startedMs > TOTAL_MS) return unknown('total-timeout')
    if (answer.status === 200 && !('message_id' in Object(answer.json))) return answered(answer)
    judge.heard(actor, request, answer)
    return answered(answer)
  } catch (error) {
    if (!isAppError(error)) throw error
    return unknown('reset')
  }
}

function answered({ status, json }: Answer): GraphObservation {
  return { seen: 'answered', status, headers: {}, json, bodyBytes: 1, bodyCut: false }
}

function unknown(cause: 'reset' | 'total-timeout'): GraphObservation {
  return { seen: 'unknown', cause, status: null }
}
