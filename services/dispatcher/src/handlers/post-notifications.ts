/** The HTTP door: a command by HTTP is the same command on the same Kafka topic. */
import { commandDigestText, type Notify } from '@otn/contracts'
import {
  appError,
  type Clock,
  commandId,
  type Identity,
  pageId,
  pageScopedUserId,
  tokenId,
} from '@otn/kernel'
import type { NotifySettings } from '@otn/policy'
import { type HttpServer, problemSchema, type ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { documentId } from '../domain/command.ts'
import { fieldOfReason } from '../domain/field-of-reason.ts'
import { unusableId, validateNotify } from '../domain/validate-notify.ts'
import type { InTime, MayCall, NotifyLog, Recorded } from '../inbox-ports.ts'
import type { Commands } from '../ports.ts'
import { commandHeaders } from './command-headers.ts'
import { type InvalidCommand, invalidCommand } from './invalid-command.ts'
import type { NotifyPreview } from './preview-notification.ts'
import { plannedCallSchema, verdictSchema } from './verdict-schema.ts'

const instant = z.number().int().min(0).describe('Ms since the epoch')

const bodySchema = z.strictObject({
  pageId: z.string(),
  psid: z.string().nullish(),
  tokenId: z.string().nullish(),
  externalUserId: z.string().nullish(),
  topic: z.string().nullish().describe('Needed by the routes TOKEN and AUTO'),
  text: z.string().nullish(),
  message: z
    .union([z.string(), z.record(z.string(), z.json())])
    .nullish()
    .describe('A Send API message, as JSON or as its text'),
  route: z.string().nullish().describe('TOKEN (also where absent), WINDOW, TAG or AUTO'),
  tag: z.string().nullish().describe('Message tag, for route TAG'),
  notBefore: instant.nullish(),
  giveUpAt: instant.nullish(),
  timeZone: z.string().nullish().describe('Of the person (Asia/Tokyo): quiet hours go by it'),
  requestedBy: z.string().max(128).nullish(),
})

const acceptedSchema = z.object({
  commandId: z.string(),
  position: z.object({ topic: z.string(), partition: z.number().int(), offset: z.string() }),
})

const previewSchema = z.object({
  commandId: z.string(),
  decision: z
    .enum(['spend', 'wait', 'refuse', 'known', 'unsure'])
    .describe('unsure: the ledger did not read far enough, or not answer, in time; ask again'),
  reason: z.string().nullable(),
  tokenId: z.string().nullable().describe('The token that would be tried first'),
  candidates: z.number().int().describe('Tokens that would be tried'),
  route: z
    .enum(['TOKEN', 'WINDOW', 'TAG'])
    .nullable()
    .describe('The way it would go; null = nobody came as far'),
  call: plannedCallSchema,
  verdicts: z.array(verdictSchema).describe('Every rule in its order; the first refusal decides'),
})

const REPEAT =
  'Not answered in time, or an engine is away. The command may be published all the same: repeat ' +
  'the request with the same Idempotency-Key and body until it is answered; it goes out once.'

export interface PostNotificationsParts {
  readonly commands: Pick<Commands, 'read'>
  readonly notifyLog: NotifyLog
  /** C0, as for a command that was read from Kafka. */
  readonly record: (notifies: readonly Notify[]) => Promise<readonly Recorded[]>
  readonly preview: (notify: Notify) => Promise<NotifyPreview>
  readonly notifying: NotifySettings
  readonly identity: Identity
  readonly clock: Clock
  /** Name of the Kafka topic on the cluster. */
  readonly kafkaTopic: string
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/**
 * `POST /v1/notifications`: publishes a Notify command; `Idempotency-Key` is its id. Asked again
 * with the same body it changes nothing, with another body it is refused (409). After a 503 nobody
 * knows whether it was published: it must be asked again.
 */
export function postNotifications(app: HttpServer, parts: PostNotificationsParts): void {
  const schema = {
    summary: 'Ask for one message to one person',
    tags: ['notifications'],
    headers: commandHeaders,
    querystring: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
    body: bodySchema,
    response: { 200: previewSchema, 202: acceptedSchema, 503: problemSchema.describe(REPEAT) },
  }
  const onRequest = parts.mayCall('notifications:write')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/notifications', { schema, onRequest }, async (request, reply) => {
    const { body, headers, query, apiKey } = request
    const notify = notifyOf(headers['idempotency-key'], body, {
      requestedBy: body.requestedBy ?? apiKey?.id ?? null,
      requestedAt: parts.clock.nowMs(),
    })
    const fault = faultOf(notify, parts.notifying)
    if (fault !== null) throw invalidCommand(fault, fieldOfReason(fault.reason, notify))
    const { commandId } = notify
    if (query.dryRun === 'true') {
      const { verdicts, ...told } = await parts.inTime(() => parts.preview(notify))
      return { commandId, ...told, verdicts: [...verdicts] }
    }
    const position = await parts.inTime((late) => publish(notify, parts, late))
    return reply.code(202).send({ commandId, position })
  })
}

async function publish(
  notify: Notify,
  { commands, identity, notifyLog, record, kafkaTopic }: PostNotificationsParts,
  late: AbortSignal,
): Promise<z.infer<typeof acceptedSchema>['position']> {
  const known = await commands.read(documentId(notify.pageId, notify.commandId))
  const digest = identity.digest(commandDigestText(notify))
  if (known && known.command.digest !== digest) throw conflict(notify)
  late.throwIfAborted()
  const { partition, offset } = await notifyLog.publish(notify)
  // On the log first: what is recorded here alone would be lost with the store.
  const [recorded] = await record([notify])
  if (recorded === 'other') throw conflict(notify)
  return { topic: kafkaTopic, partition, offset: String(offset) }
}

function faultOf(notify: Notify, settings: NotifySettings): InvalidCommand | null {
  const reason = unusableId(notify)
  return reason === null ? validateNotify(notify, settings) : { reason }
}

function notifyOf(
  key: string,
  body: z.infer<typeof bodySchema>,
  asked: Pick<Notify, 'requestedBy' | 'requestedAt'>,
): Notify {
  const { psid, tokenId: token, message } = body
  return {
    commandId: commandId(key),
    pageId: pageId(body.pageId),
    psid: psid ? pageScopedUserId(psid) : null,
    tokenId: token ? tokenId(token) : null,
    externalUserId: body.externalUserId ?? null,
    topic: body.topic ?? null,
    text: body.text ?? null,
    message: typeof message === 'object' && message ? JSON.stringify(message) : (message ?? null),
    route: body.route ?? null,
    tag: body.tag ?? null,
    notBefore: body.notBefore ?? null,
    giveUpAt: body.giveUpAt ?? null,
    timeZone: body.timeZone ?? null,
    ...asked,
  }
}

function conflict({ commandId: id }: Notify): Error {
  const publicMessage = `command-id-reused: ${id} stands for another command. Choose a new key.`
  return appError('OTN_HTTP_CONFLICT', { message: 'command id reused', publicMessage })
}
