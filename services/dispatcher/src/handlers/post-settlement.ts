import { appError, commandId, messageId, pageId } from '@otn/kernel'
import { type HttpServer, problemSchema, type ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { documentId } from '../domain/command.ts'
import { decideSettlement, type Settlement } from '../domain/decide-settlement.ts'
import type { StoredCommand } from '../domain/document.ts'
import { settleByHand } from '../domain/transitions.ts'
import type { SettlementTelemetry } from '../doubt-ports.ts'
import type { InTime, MayCall } from '../inbox-ports.ts'
import type { DuePorts } from '../ports.ts'
import { unknownCommand } from './get-notification.ts'
import { notificationAnswer, notificationSchema } from './notification-answer.ts'

const NAME = /^(?=.*\p{L})[\p{L}\p{Nd}][\p{L}\p{Nd} ._@+-]{0,127}$/u
const MESSAGE_ID = /^[\x21-\x7e]{1,512}$/
const REASON_CHARACTERS_MAX = 500

const bodySchema = z
  .strictObject({
    outcome: z.enum(['sent', 'not-sent']),
    messageId: z
      .string()
      .regex(MESSAGE_ID, 'an id of a message, as the platform names it')
      .nullish()
      .describe('Where it was sent, and the id is known'),
    settledBy: z.string().regex(NAME, 'a name of 1 to 128 characters').describe('Who says so'),
    reason: z
      .string()
      .max(REASON_CHARACTERS_MAX)
      .nullish()
      .describe('How it was found out; kept redacted, at most 200 characters'),
  })
  .refine(({ outcome, messageId: id }) => outcome === 'sent' || !id, {
    path: ['messageId'],
    message: 'a message that was not sent has no id',
  })

const REPEAT =
  'Not answered in time, or an engine is away. It may be settled all the same: repeat the ' +
  'request until it is answered; it is settled once.'

type Ports = Pick<DuePorts, 'commands' | 'facts' | 'clock' | 'tellFacts'>

export interface SettlingPorts extends Ports {
  readonly tell: SettlementTelemetry
}

export interface PostSettlementParts {
  readonly settle: ReturnType<typeof settleDoubt>
  /** Takes out of a text what may name or empower somebody; null where nothing is left. */
  readonly redact: (text: string) => string | null
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/**
 * `POST /v1/pages/:pageId/notifications/:commandId/settlement`: a person closes a doubt. Asked
 * again with the same outcome it changes nothing; what is no doubt is refused (409) with its state.
 */
export function postSettlement(app: HttpServer, parts: PostSettlementParts): void {
  const schema = {
    summary: 'Close a doubt by hand',
    tags: ['doubts'],
    params: z.object({ pageId: z.string(), commandId: z.string() }),
    body: bodySchema,
    response: { 200: notificationSchema, 503: problemSchema.describe(REPEAT) },
  }
  const onRequest = parts.mayCall('operations')
  const path = '/v1/pages/:pageId/notifications/:commandId/settlement'
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post(path, { schema, onRequest }, async ({ params, body }) => {
    const id = documentId(pageId(params.pageId), commandId(params.commandId))
    const { outcome, settledBy, reason } = body
    const detail = reason ? parts.redact(reason) : null
    const said = { messageId: body.messageId ? messageId(body.messageId) : null, detail }
    const { command } = await parts.inTime(() => parts.settle(id, { outcome, settledBy, ...said }))
    return notificationAnswer(command)
  })
}

/**
 * One guarded update that stores the final fact with its bytes, then the fact is told (C4, C5). It
 * returns once the fact is on the log; what was settled and not told is told by the repeat.
 */
export function settleDoubt(
  ports: SettlingPorts,
): (id: string, settlement: Settlement) => Promise<StoredCommand> {
  const { commands, facts, clock, tell, tellFacts } = ports
  return async (id, settlement) => {
    const changed = await commands.settle(id, (known) => {
      if (known === null) return null
      const verdict = decideSettlement(known.command, settlement)
      if (verdict.kind !== 'settles') return null
      const occasion = { nowMs: clock.nowMs() }
      return settleByHand(known, [facts.write(known.command, verdict.draft, occasion)])
    })
    const { document } = changed
    if (document === null) throw unknownCommand()
    if (changed.kind === 'changed') tell.settledByHand(document, settlement.outcome)
    else refuseOthers(document, settlement)
    await tellFacts(document, 0)
    return document
  }
}

function refuseOthers({ command }: StoredCommand, settlement: Settlement): void {
  const verdict = decideSettlement(command, settlement)
  if (verdict.kind === 'repeats') return
  const { final } = command
  const state = verdict.kind === 'refused' ? verdict.state : 'in-doubt'
  const proof = final?.certainty ? ` (${final.certainty})` : ''
  const publicMessage = `the command is ${state}${proof}: only a verdict in doubt can be settled`
  throw appError('OTN_HTTP_CONFLICT', { message: 'not in doubt', publicMessage })
}
