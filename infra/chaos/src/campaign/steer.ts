/** The campaigns of the drill by HTTP, as a product team would steer them. */
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import type { Cell } from '../drill/cell.ts'

export const CAMPAIGN_TOPIC = 'spring-sale'
const CAMPAIGN_ID = 'spring'
const TEXT = 'It is back.'
const RETRY_MS = 250
/** Each look counts the commands of a campaign anew. */
const LOOK_MS = 2_000

export interface Counts {
  readonly state: string
  readonly recorded: number
  readonly sent: number
  readonly failed: number
  readonly inDoubt: number
  readonly cancelled: number
}

export interface Plan {
  readonly persons: number
  readonly seconds: number
}

export async function plan(cell: Cell, page: string): Promise<Plan> {
  const body = { ...startOf(page), type: 'StartCampaign' }
  return (await ask(cell, { path: '/v1/campaigns?dryRun=true', key: 'plan', body })) as Plan
}

export async function start(cell: Cell, page: string): Promise<void> {
  await ask(cell, { path: '/v1/campaigns', key: 'start', body: startOf(page) })
}

export async function steer(
  cell: Cell,
  { page, act, index }: { readonly page: string; readonly act: string; readonly index: number },
): Promise<void> {
  const body = { type: act, pageId: page, campaignId: CAMPAIGN_ID }
  await ask(cell, { path: '/v1/campaigns', key: `${act}-${index}`, body })
}

export async function countsOf(cell: Cell, page: string): Promise<Counts> {
  return (await ask(cell, { path: `/v1/pages/${page}/campaigns/${CAMPAIGN_ID}` })) as Counts
}

interface Awaited {
  readonly pages: readonly string[]
  readonly state: string
  readonly timeoutMs: number
}

/** @throws where patience is too short, with what it stands at */
export async function untilState(cell: Cell, { pages, state, timeoutMs }: Awaited): Promise<void> {
  const untilMs = performance.now() + timeoutMs
  for (;;) {
    const counts = await Promise.all(pages.map((page) => countsOf(cell, page)))
    if (counts.every((one) => one.state === state)) return
    if (performance.now() > untilMs) throw new Error(`not ${state}: ${JSON.stringify(counts)}`)
    await delay(LOOK_MS)
  }
}

const startOf = (pageId: string) => ({
  ...{ pageId, campaignId: CAMPAIGN_ID, topic: CAMPAIGN_TOPIC, text: TEXT },
})

interface Question {
  readonly path: string
  readonly key?: string
  readonly body?: object
}

/** Asked of whoever answers: one of the two is always on its way back. */
async function ask({ services, secondDispatcher, deployment }: Cell, question: Question) {
  const { path, key, body } = question
  const doors = [services.dispatcher.url, secondDispatcher?.url ?? services.dispatcher.url]
  for (let tries = 0; ; tries += 1) {
    const answer = await request(`${doors[tries % doors.length]}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${deployment.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headersTimeout: 10_000,
    }).then(
      async ({ statusCode, body: told }) => ({ statusCode, text: await told.text() }),
      () => ({ statusCode: 0, text: '' }),
    )
    if (answer.statusCode === 200 || answer.statusCode === 202) return JSON.parse(answer.text)
    const mayAgain = [0, 404, 503].includes(answer.statusCode)
    if (!mayAgain || tries > 600) throw new Error(`${path} was answered ${answer.statusCode}`)
    await delay(RETRY_MS)
  }
}
