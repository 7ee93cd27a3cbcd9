/** The HTTP door of questions: what would become of one. They themselves come by the log. */
import type { RequestOptIn } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { type HttpServer, problemSchema, type ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { unusableId } from '../domain/validate-notify.ts'
import type { InTime, MayCall } from '../inbox-ports.ts'
import { commandHeaders } from './command-headers.ts'
import { invalidCommand } from './invalid-command.ts'
import type { RequestPreview } from './preview-request.ts'
import { plannedCallSchema, verdictSchema } from './verdict-schema.ts'

const bodySchema = z.strictObject({
  pageId: z.string(),
  psid: z.string().nullish(),
  tokenId: z.string().nullish(),
  topic: z.string().nullish(),
  context: z.string().nullish(),
  title: z.string().nullish(),
  giveUpAt: z.number().int().min(0).nullish().describe('Ms since the epoch'),
  timeZone: z.string().nullish().describe('Of the person (Asia/Tokyo): quiet hours go by it'),
  requestedBy: z.string().max(128).nullish(),
})

const previewSchema = z.object({
  commandId: z.string(),
  decision: z
    .enum(['spend', 'wait', 'refuse', 'known', 'unsure'])
    .describe('spend: it would go out; unsure: the ledger did not answer in time; ask again'),
  reason: z.string().nullable(),
  tokenId: z.string().nullable().describe('The token that would pay'),
  candidates: z.number().int(),
  call: plannedCallSchema,
  verdicts: z.array(verdictSchema).describe('Every rule in its order; the first refusal decides'),
})

export interface PostOptInRequestsParts {
  readonly preview: (request: RequestOptIn) => Promise<RequestPreview>
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/** `POST /v1/opt-in-requests?dryRun=true`: what would be decided; nothing is recorded or sent. */
export function postOptInRequests(
  app: HttpServer,
  { preview, mayCall, inTime }: PostOptInRequestsParts,
): void {
  const schema = {
    summary: 'What would become of a question to a person',
    tags: ['opt-in requests'],
    headers: commandHeaders,
    querystring: z.object({
      dryRun: z.literal('true', 'only a dry run: publish RequestOptIn on its Kafka topic'),
    }),
    body: bodySchema,
    response: { 200: previewSchema, 503: problemSchema },
  }
  const onRequest = mayCall('notifications:write')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/opt-in-requests', { schema, onRequest }, async ({ body, headers }) => {
    const request = requestOf(headers['idempotency-key'], body)
    const fault = unusableId(request)
    if (fault !== null) {
      throw invalidCommand(
        { reason: fault },
        fault === 'command-id-invalid' ? 'commandId' : 'pageId',
      )
    }
    const { commandId: id } = request
    const { verdicts, ...told } = await inTime(() => preview(request))
    return { commandId: id, ...told, verdicts: [...verdicts] }
  })
}

function requestOf(key: string, body: z.infer<typeof bodySchema>): RequestOptIn {
  const { psid, tokenId: token } = body
  return {
    commandId: commandId(key),
    pageId: pageId(body.pageId),
    psid: psid ? pageScopedUserId(psid) : null,
    tokenId: token ? tokenId(token) : null,
    topic: body.topic ?? null,
    context: body.context ?? null,
    title: body.title ?? null,
    giveUpAt: body.giveUpAt ?? null,
    timeZone: body.timeZone ?? null,
    requestedBy: body.requestedBy ?? null,
  }
}
