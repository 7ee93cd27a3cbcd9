/** What has become of campaigns, as of now. */
import { appError, pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import type { CampaignDoor } from '../campaign-door.ts'
import { type Campaign, type Counts, campaignKey, campaignState } from '../domain/campaign.ts'
import type { CampaignDocument } from '../domain/campaign-document.ts'
import type { InTime, MayCall } from '../inbox-ports.ts'

const LIMIT_MAX = 100
const LIMIT = 20
const instant = z.number().int().describe('Ms since the epoch')
const count = z.number().int()

const campaignSchema = z.object({
  pageId: z.string(),
  campaignId: z.string(),
  state: z
    .enum(['unheard', 'running', 'paused', 'stopped', 'completed'])
    .describe('stopped: calls under way may still end; unheard: steered before it was started'),
  topic: z.string().nullable(),
  requestedBy: z.string().nullable(),
  startedAt: instant.nullable().describe('Who agreed later is not reached'),
  completedAt: instant.nullable(),
  audience: count.nullable().describe('Persons it reaches; null until everybody was walked once'),
  recorded: count.describe('Persons whose notification was recorded'),
  sent: count,
  failed: count,
  inDoubt: count.describe('Nobody knows whether these are out'),
  cancelled: count,
  waiting: count.describe('Recorded, and none of the above yet'),
})

const listSchema = z.object({
  items: z.array(campaignSchema).describe('By campaignId'),
  next: z.string().nullable().describe('Give it as `after` for the next page; null = no more'),
})

export interface GetCampaignsParts {
  readonly door: () => CampaignDoor
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/** `GET /v1/pages/:pageId/campaigns/:campaignId`, and the list of a page's campaigns. */
export function getCampaigns(app: HttpServer, { door, mayCall, inTime }: GetCampaignsParts): void {
  const onRequest = mayCall('notifications:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const one = {
    summary: 'What has become of a campaign',
    tags: ['campaigns'],
    params: z.object({ pageId: z.string(), campaignId: z.string() }),
    response: { 200: campaignSchema },
  }
  const path = '/v1/pages/:pageId/campaigns'
  routes.get(`${path}/:campaignId`, { schema: one, onRequest }, async ({ params }) => {
    const { campaigns, members } = door()
    const key = campaignKey(params.pageId, params.campaignId)
    const [known, counts] = await inTime(() =>
      Promise.all([campaigns.read(key), members.count(key)]),
    )
    if (known === null) throw unknownCampaign()
    return answerOf(known, counts)
  })
  const all = {
    summary: 'Campaigns of a page',
    tags: ['campaigns'],
    params: z.object({ pageId: z.string() }),
    querystring: z.object({
      after: z.string().optional().describe('`next` of the page before'),
      limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
    }),
    response: { 200: listSchema },
  }
  routes.get(path, { schema: all, onRequest }, async ({ params, query }) => {
    const { campaigns, members } = door()
    const { after = null, limit } = query
    return inTime(async () => {
      const found = await campaigns.list({ page: pageId(params.pageId), after, limit })
      const items = await Promise.all(
        found.map(async (known) => answerOf(known, await members.count(keyOf(known.campaign)))),
      )
      return { items, next: found.length < limit ? null : (items.at(-1)?.campaignId ?? null) }
    })
  })
}

function keyOf({ pageId: page, campaignId }: Campaign) {
  return campaignKey(page, campaignId)
}

function answerOf(
  { campaign, walk }: CampaignDocument,
  counts: Counts,
): z.infer<typeof campaignSchema> {
  const { pageId: page, campaignId, started, completed } = campaign
  const { recorded, sent, failed, inDoubt, cancelled } = counts
  return {
    ...{ pageId: page, campaignId, state: campaignState(campaign) },
    topic: started?.topic ?? null,
    requestedBy: started?.requestedBy ?? null,
    startedAt: started?.at ?? null,
    completedAt: completed?.at ?? null,
    audience: walk.passes > 0 || completed !== null ? recorded : null,
    ...counts,
    waiting: recorded - sent - failed - inDoubt - cancelled,
  }
}

function unknownCampaign(): Error {
  const publicMessage = 'no campaign of this page has this id, or it has not been read yet'
  return appError('OTN_HTTP_NOT_FOUND', { message: 'unknown campaign', publicMessage })
}
