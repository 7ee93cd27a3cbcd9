import type { TokenEvent } from '@otn/contracts'
import { waitFor } from '@otn/engines'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import type { StackFile } from '@otn/stack'
import { describe, expect, test } from 'vitest'
import { ownStack } from '../src/own-stack.ts'
import { call, identityOf, notifierOf, readLog, untilTokenState } from '../src/system.ts'

const TOPIC = 'restock-1234'

/** A control call of the simulator that must succeed. */
async function simulate(
  { simulatorUrl }: StackFile,
  path: string,
  {
    method = 'POST',
    body = {},
  }: { readonly method?: 'GET' | 'POST' | 'PUT'; readonly body?: object },
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await call(`${simulatorUrl}${path}`, method === 'GET' ? {} : { method, body })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

/** The clock of simulator and services; each step ends when all of them have confirmed it. */
async function pass(stack: StackFile, ms: number, stepMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    await simulate(stack, '/clock', { body: { advanceMs: stepMs } })
    await simulate(stack, '/_sim/webhook/quiet', { method: 'GET' })
  }
}

async function tap(stack: StackFile, waitMs: number) {
  const pageId = stack.pages[0]?.pageId
  const { people } = await simulate(stack, '/_sim/people', { body: { pageId, count: 1 } })
  const [person] = people as { readonly psid: string }[]
  const payload = `otn1:${TOPIC}:`
  const asked = { pageId, psid: person?.psid, payload, waitMs }
  const { psid, token } = await simulate(stack, '/_sim/tap', { body: asked })
  return { psid: String(psid), token: String(token) }
}

/** What the ledger tells of a token's end, in order, once it is so much. */
async function untilTold(stack: StackFile, token: string, count: number) {
  const told = async () => {
    const facts = (await readLog(stack, ['token'])).map(({ value }) => value as TokenEvent)
    const ends = facts.filter(({ tokenId }) => tokenId === token)
    return ends.length < count ? null : ends
  }
  const ends = await waitFor(told, { timeoutMs: 60_000, describe: `${count} facts of ${token}` })
  return ends.map(({ type, daysLeft }) => (daysLeft ? `${type} ${daysLeft}` : type))
}

const fails = (stack: StackFile, signature: 'wrong' | 'valid') =>
  simulate(stack, '/_sim/webhook/weather', { body: { signature } })

describe('[U10] long times pass in seconds, and every service follows', () => {
  test('[S0-05] [S1-43] a year, and an hour of failure that unsubscribes the page', async () => {
    await using own = await ownStack()
    const { file } = own.stack
    const page = file.pages[0]?.pageId ?? ''
    const identity = identityOf(file)
    await using notifier = await notifierOf(file)

    const old = await tap(file, 30_000)
    await untilTokenState(file, identity.token(page, old.token), 'live')
    await pass(file, 366 * DAY_MS, 61 * DAY_MS)
    await untilTokenState(file, identity.token(page, old.token), 'expired')
    const ends = await untilTold(file, identity.token(page, old.token), 4)
    expect(ends).toEqual(['TokenExpiring 30', 'TokenExpiring 7', 'TokenExpiring 1', 'TokenExpired'])
    const to = { psid: old.psid, topic: TOPIC }
    const { commandId } = await notifier.notify({ pageId: page, to, text: 'too late' })
    expect(await notifier.outcome(commandId, { pageId: page, waitMs: 30_000 })).toMatchObject({
      state: 'failed',
    })

    await fails(file, 'wrong')
    const lost = await tap(file, 0)
    await pass(file, 70 * MINUTE_MS, MINUTE_MS)
    const status = await simulate(file, '/_sim/webhook', { method: 'GET' })
    expect(status).toMatchObject({ disabled: true, unsubscribedPageIds: [page], waiting: 0 })
    await fails(file, 'valid')
    await simulate(file, '/_sim/webhook', {
      method: 'PUT',
      body: { callbackUrl: `${file.ingressUrl}/webhook` },
    })
    await simulate(file, '/_sim/webhook/subscribe', { body: { pageId: page } })
    const fresh = await tap(file, 30_000)
    await untilTokenState(file, identity.token(page, fresh.token), 'live')
    const gone = identity.token(page, lost.token)
    const answer = await call(`${file.ledgerUrl}/v1/tokens/${gone}`, { key: file.apiKey })
    expect(answer.status).toBe(404)
  })

  test('[S1-46] a failure of hours under the profile that goes on for 36 hours loses nothing', async () => {
    await using own = await ownStack({
      serviceEnvironment: { SIMULATOR_RETRY_PROFILE: 'graph36h' },
    })
    const { file } = own.stack
    const identity = identityOf(file)
    await fails(file, 'wrong')
    const { token } = await tap(file, 0)
    await pass(file, 20 * HOUR_MS, HOUR_MS)
    await fails(file, 'valid')
    await pass(file, 12 * HOUR_MS, HOUR_MS)
    await untilTokenState(file, identity.token(file.pages[0]?.pageId ?? '', token), 'live')
  })
})
