/** One call of the Graph side: knob, judge, knob again, and the line in the call log. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { GraphAnswer } from '../domain/graph-answer.ts'
import type { GraphRequest } from '../domain/graph-request.ts'
import { isJsonObject } from '../domain/json-object.ts'
import type { Knob, SendCall } from '../domain/knobs.ts'
import { genuine, struckAnswer, type WireAnswer } from '../domain/struck-answer.ts'
import type { Simulation } from '../simulation.ts'

/** Answers a call. Without a knob it is judged and answered in one turn. */
export function answerCall(
  request: GraphRequest,
  simulation: Simulation,
): WireAnswer | Promise<WireAnswer> {
  const traceId = simulation.ids.traceId()
  const { edge } = request.path
  const isSend = edge === 'messages'
  const call = isSend || simulation.knobs.length > 0 ? sendCallOf(request, simulation) : null
  const knob = call === null ? null : simulation.strike(call)
  if (call !== null && knob !== null) {
    return answerStruck({ request, call, knob, traceId }, simulation)
  }
  if (edge === 'subscriptions') return answerAfterHandshake({ request, traceId }, simulation)
  const answer = simulation.answer(request, traceId)
  if (isSend && call !== null) log({ request, call, answer, knob }, simulation)
  return genuine(answer, simulation.switches.answerType)
}

/** The handshake of a registration happens while its caller waits, as at Meta. */
async function answerAfterHandshake(
  { request, traceId }: Pick<Struck, 'request' | 'traceId'>,
  simulation: Simulation,
): Promise<WireAnswer> {
  const wanted = simulation.handshakeFor(request)
  const handshake = wanted === null ? null : { fault: await simulation.shake(wanted) }
  const made = handshake === null ? {} : { handshake }
  return genuine(simulation.answer(request, traceId, made), simulation.switches.answerType)
}

interface Struck {
  readonly request: GraphRequest
  readonly call: SendCall
  readonly knob: Knob
  readonly traceId: string
}

async function answerStruck(struck: Struck, simulation: Simulation): Promise<WireAnswer> {
  const { request, call, knob, traceId } = struck
  if (knob.waitBeforeMs > 0) await wait(knob.waitBeforeMs)
  const echo = knob.echo && { echo: { fate: knob.echo, delayMs: knob.echoDelayMs } }
  // Also when the caller has gone meanwhile: its request had arrived.
  const answer = knob.deliver ? simulation.answer(request, traceId, echo) : null
  if (call.edge === 'messages') log({ request, call, answer, knob }, simulation)
  if (knob.waitAfterMs > 0) await wait(knob.waitAfterMs)
  const { answerType } = simulation.switches
  const { pageId } = call
  return struckAnswer({ struck: knob.answer, judged: answer, pageId, traceId, answerType })
}

/** A held call must not hold the process once the servers are gone. */
function wait(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false })
}

function sendCallOf(
  { accessToken, parameters, path }: GraphRequest,
  { world }: Simulation,
): SendCall {
  const recipient = isJsonObject(parameters.recipient) ? parameters.recipient : {}
  const token = textOf(recipient.one_time_notif_token)
  return {
    edge: path.edge ?? '',
    pageId: world.graph.accessTokens.get(accessToken ?? '')?.pageId ?? null,
    psid: textOf(recipient.id) ?? world.tokens.get(token ?? '')?.psid ?? null,
    token,
  }
}

interface Outcome {
  readonly request: GraphRequest
  readonly call: SendCall
  readonly answer: GraphAnswer | null
  readonly knob: Knob | null
}

function log({ request, call, answer, knob }: Outcome, { calls, clock }: Simulation): void {
  const { message } = request.parameters
  const error = answer?.body.error
  calls.add({
    atMs: clock.nowMs(),
    pageId: call.pageId,
    psid: call.psid,
    token: call.token,
    metadata: isJsonObject(message) ? textOf(message.metadata) : null,
    outcome: outcomeOf(answer),
    code: isJsonObject(error) && typeof error.code === 'number' ? error.code : null,
    subcode:
      isJsonObject(error) && typeof error.error_subcode === 'number' ? error.error_subcode : null,
    knobId: knob?.id ?? null,
    answered: knob?.answer.kind ?? 'genuine',
  })
}

function outcomeOf(
  answer: GraphAnswer | null,
): 'delivered' | 'answered' | 'refused' | 'not-judged' {
  if (answer === null) return 'not-judged'
  if (answer.status !== 200) return 'refused'
  return answer.body.message_id === undefined ? 'answered' : 'delivered'
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
