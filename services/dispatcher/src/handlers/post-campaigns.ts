/** Campaigns by HTTP: a command that comes so is the same command on the same Kafka topic. */
import type { CampaignCommand, ReasonCode } from '@otn/contracts'
import { type Clock, commandId, pageId } from '@otn/kernel'
import type { NotifySettings } from '@otn/policy'
import { type HttpServer, problemSchema, type ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import type { CampaignDoor } from '../campaign-door.ts'
import { campaignFault } from '../domain/campaign-member.ts'
import { fieldOfReason } from '../domain/field-of-reason.ts'
import type { InTime, MayCall } from '../inbox-ports.ts'
import { commandHeaders } from './command-headers.ts'
import { invalidCommand } from './invalid-command.ts'
import { unusableCampaign } from './on-campaign-command.ts'

const TYPES = ['StartCampaign', 'PauseCampaign', 'ResumeCampaign', 'StopCampaign'] as const

const bodySchema = z.strictObject({
  type: z.enum(TYPES).default('StartCampaign'),
  pageId: z.string(),
  campaignId: z.string().describe('1 to 100 characters, unique per page'),
  topic: z.string().nullish().describe('Needed to start: whoever holds a live token is reached'),
  text: z.string().nullish(),
  message: z
    .union([z.string(), z.record(z.string(), z.json())])
    .nullish()
    .describe('A Send API message, as JSON or as its text'),
  requestedBy: z.string().max(128).nullish(),
})

const acceptedSchema = z.object({
  commandId: z.string(),
  campaignId: z.string(),
  position: z.object({ topic: z.string(), partition: z.number().int(), offset: z.string() }),
})

const planSchema = z.object({
  campaignId: z.string(),
  decision: z.enum(['start', 'refuse', 'known']).describe('known: it runs, or ran, already'),
  reason: z.string().nullable(),
  persons: z.number().int().describe('Reached: each costs one token'),
  tokens: z.number().int().describe('Live tokens that they hold'),
  expiring: z.number().int().describe('Persons who hold none that lives for 7 more days'),
  seconds: z.number().int().describe('Needed at least, at the pace the platform allows a page'),
})

const REPEAT =
  'Not answered in time, or an engine is away. Repeat the request with the same Idempotency-Key ' +
  'and body until it is answered: it has one effect.'

export interface PostCampaignsParts {
  readonly door: () => CampaignDoor
  readonly notifying: NotifySettings
  readonly clock: Clock
  /** Name of the Kafka topic on the cluster. */
  readonly kafkaTopic: string
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/**
 * `POST /v1/campaigns`: publishes a campaign command; `Idempotency-Key` is its id. With
 * `dryRun=true` tells whom a start would reach and what it would cost.
 */
export function postCampaigns(app: HttpServer, parts: PostCampaignsParts): void {
  const { door, clock, inTime, kafkaTopic } = parts
  const schema = {
    summary: 'Start or steer a notification to all holders of a topic',
    tags: ['campaigns'],
    headers: commandHeaders,
    querystring: z.object({ dryRun: z.enum(['true', 'false']).optional() }),
    body: bodySchema,
    response: { 200: planSchema, 202: acceptedSchema, 503: problemSchema.describe(REPEAT) },
  }
  const onRequest = parts.mayCall('notifications:write')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/campaigns', { schema, onRequest }, async (request, reply) => {
    const { body, headers, query, apiKey } = request
    const command = commandOf(headers['idempotency-key'], body, {
      requestedBy: body.requestedBy ?? apiKey?.id ?? null,
      requestedAt: clock.nowMs(),
    })
    const { commandId: id, campaignId } = command
    refuseUnusable(command)
    if (query.dryRun === 'true') {
      const plan = await inTime(() => door().plan(command))
      return { campaignId, ...plan }
    }
    if (command.type === 'StartCampaign') refuseFault(command, parts.notifying)
    const { partition, offset } = await inTime(() => publishAndCarryOut(door(), command))
    const position = { topic: kafkaTopic, partition, offset: String(offset) }
    return reply.code(202).send({ commandId: id, campaignId, position })
  })
}

/**
 * On the log first: what is decided here alone would be lost with the store. Then at once: who
 * pauses waits for no consumer group that has just lost a member.
 */
async function publishAndCarryOut({ publish, carryOut }: CampaignDoor, command: CampaignCommand) {
  const position = await publish(command)
  await carryOut(command)
  return position
}

function refuseUnusable(command: CampaignCommand): void {
  const reason = unusableCampaign(command)
  if (reason !== null) throw invalidCommand({ reason }, FIELDS[reason] ?? '')
}

function refuseFault(command: CampaignCommand, settings: NotifySettings): void {
  const reason = campaignFault(command, settings)
  if (reason === null) return
  const { commandId: id, pageId: page, message = null } = command
  throw invalidCommand({ reason }, fieldOfReason(reason, { commandId: id, pageId: page, message }))
}

const FIELDS: Partial<Record<ReasonCode, string>> = {
  'command-id-invalid': 'commandId',
  'page-id-invalid': 'pageId',
  'campaign-id-invalid': 'campaignId',
}

function commandOf(
  key: string,
  { type, message, ...body }: z.infer<typeof bodySchema>,
  asked: Pick<CampaignCommand, 'requestedBy' | 'requestedAt'>,
): CampaignCommand {
  return {
    ...{ type, commandId: commandId(key), pageId: pageId(body.pageId) },
    campaignId: body.campaignId,
    topic: body.topic ?? null,
    text: body.text ?? null,
    message: typeof message === 'object' && message ? JSON.stringify(message) : (message ?? null),
    ...asked,
  }
}
