import type { HttpServer, Scope, ZodTypeProvider } from '@otn/runtime'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SpoolState } from '../domain/spool-state.ts'
import type { WebhookAlarm } from '../domain/webhook-alarms.ts'
import { CAUSES } from '../domain/webhook-answer.ts'
import type { HealthReport } from '../domain/webhook-health.ts'

/** The platform keeps a list of its own; this says where, for no call can fetch it. */
const META_SIDE =
  'The platform keeps its own list: App Dashboard > Messenger > Settings > Webhooks > ' +
  'Show recent errors.'

const ms = () => z.number().int().describe('Milliseconds since 1970, business clock')
const answerSchema = z.object({
  since: ms().nullable().describe('From when on answers are on record: the start of this process'),
  windowMinutes: z.number().int(),
  answers: z.number().int().describe('To posted webhooks within the window, strangers included'),
  accepted: z.number().int(),
  refused: z.record(z.enum(CAUSES), z.number().int()),
  share200: z.number().nullable().describe('Of those that a fault of ours or the log could refuse'),
  latency: z.object({
    p50: z.number().nullable(),
    p99: z.number().nullable(),
    max: z.number().nullable(),
    over5s: z.number().int(),
    over20s: z.number().int(),
  }),
  failingSinceMs: ms().nullable(),
  last200AtMs: ms().nullable(),
  alarms: z.array(
    z.object({ alarm: z.string(), severity: z.string(), sinceMs: ms(), detail: z.string() }),
  ),
  spool: z
    .object({
      bytes: z.number().int(),
      bytesMax: z.number().int(),
      segments: z.number().int(),
      oldestAtMs: ms().nullable(),
      isFull: z.boolean(),
      damaged: z.number().int().describe('Files set aside because they cannot be read whole'),
    })
    .nullable()
    .describe('Webhooks answered 200 that Kafka has not; null where no folder is set'),
  recentErrors: z.array(
    z.object({
      cause: z.enum(CAUSES),
      bodySha256: z.string().nullable(),
      pages: z.array(z.string()).nullable().describe('Of a verified body, five at most'),
      firstAtMs: ms(),
      lastAtMs: ms(),
      times: z.number().int().describe('How often the same body failed for the same cause'),
    }),
  ),
  metaSide: z.string(),
})

export interface HealthAnswer extends HealthReport {
  readonly sinceMs: number | null
  readonly windowMinutes: number
  readonly alarms: readonly WebhookAlarm[]
  readonly spool: SpoolState | null
}

export interface GetWebhookHealthParts {
  readonly read: () => HealthAnswer
  readonly mayCall: (scope: Scope) => (request: FastifyRequest) => Promise<void>
}

/** `GET /v1/webhook/health`: how webhooks are answered, which alarms stand, what failed lately. */
export function getWebhookHealth(app: HttpServer, { read, mayCall }: GetWebhookHealthParts): void {
  const schema = {
    summary: 'How webhooks are answered',
    tags: ['operations'],
    response: { 200: answerSchema },
  }
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/webhook/health', { schema, onRequest: mayCall('operations') }, async () => {
    const { run, unverified: _, sinceMs, latency, alarms, recentErrors, ...rest } = read()
    const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10)
    const { p50, p99, max } = latency
    return {
      ...rest,
      since: sinceMs,
      failingSinceMs: run?.sinceMs ?? null,
      latency: { ...latency, p50: rounded(p50), p99: rounded(p99), max: rounded(max) },
      alarms: alarms.map((alarm) => ({ ...alarm })),
      recentErrors: recentErrors.map(({ pages, ...row }) => ({
        ...row,
        pages: pages === null ? null : [...pages],
      })),
      metaSide: META_SIDE,
    }
  })
}
