import { randomUUID } from 'node:crypto'
import type { NotificationEvent } from '@otn/contracts'
import { waitFor } from '@otn/engines'
import { HOUR_MS, pageScopedUserId } from '@otn/kernel'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { auditOf } from './src/audit.ts'
import { otn } from './src/otn.ts'
import { call, identityOf, notifierOf, readLog, truth, untilTokenState } from './src/system.ts'
import { tap as tapOn } from './src/tap.ts'

const stack = inject('stack')
const home = inject('stackHome')
const [neighbour = '', , page = ''] = stack.pages.map(({ pageId }) => pageId)
const identity = identityOf(stack)
const TOPIC = 'restock-1234'
const WAITING = 8
const STEPS = 8
const STEP_MS = 3 * HOUR_MS
const INBOX = '263902037430900'

type Json = Readonly<Record<string, unknown>>

async function simulate(path: string, body: object): Promise<Json> {
  const answer = await call(`${stack.simulatorUrl}${path}`, { method: 'POST', body })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return answer.body
}

const happens = (event: object, psid?: string) =>
  simulate('/_sim/event', { pageId: page, ...(psid ? { psid } : {}), event, waitMs: 30_000 })

async function consents(of: string) {
  const { psid, token } = await tapOn(stack, { page: of, topic: TOPIC })
  await untilTokenState(stack, identity.token(of, token), 'live')
  return { psid: pageScopedUserId(psid), token }
}

/** Once the log says of each command that it waits for this. */
function untilWaiting(ids: readonly string[], reason: string): Promise<unknown> {
  const areWaiting = async () => {
    const facts = (await readLog(stack, ['notification'])).map(({ value }) => value)
    const waits = (facts as readonly NotificationEvent[]).filter((fact) => fact.reason === reason)
    const told = new Set<string>(waits.map(({ commandId }) => commandId))
    return ids.every((id) => told.has(id))
  }
  return waitFor(areWaiting, { timeoutMs: 60_000, describe: `a wait for ${reason}` })
}

describe('a page that may not send', () => {
  let notifier: Awaited<ReturnType<typeof notifierOf>>
  beforeAll(async () => {
    notifier = await notifierOf(stack)
    return () => notifier.close()
  })
  const asks = async (of: string, psid: Awaited<ReturnType<typeof consents>>['psid'], more = {}) =>
    notifier.notify({
      ...{ pageId: of, to: { psid, topic: TOPIC }, text: 'back in stock' },
      ...{ idempotencyKey: `standing-${randomUUID()}`, ...more },
    })
  const outcome = (asked: Awaited<ReturnType<typeof asks>>) =>
    notifier.outcome(asked, { waitMs: 60_000 })

  test('frozen for a day loses nothing, sends nothing twice, and its neighbours go on [S1-20, S1-39]', async () => {
    const people = await Promise.all(Array.from({ length: WAITING }, () => consents(page)))
    const others = await Promise.all(Array.from({ length: STEPS }, () => consents(neighbour)))
    // The platform says so in its answers alone: no webhook tells.
    await simulate('/_sim/standing', { pageId: page, standing: 'restricted' })
    const waiting = await Promise.all(people.map(({ psid }) => asks(page, psid)))
    const ids = waiting.map(({ commandId }) => commandId)
    await untilWaiting(ids, 'page-blocked')
    const alarms = (await readLog(stack, ['alarm'])).map(({ value }) => value)
    const stopped = { type: 'AlarmRaised', alarm: 'page-stopped', subject: `page ${page}` }
    expect(alarms).toContainEqual(expect.objectContaining(stopped))
    const { out } = await otn(home, ['explain', ids[0] ?? '', '--page', page])
    expect(out).toContain('The platform blocks the page')
    const calls = async () => {
      const seen = await Promise.all(people.map(({ token }) => truth(stack, token)))
      return seen.map(({ tokens, deliveries }) => [tokens[0]?.calls ?? 0, deliveries.length])
    }
    const tries = await calls()
    for (const { psid } of others) {
      await simulate('/clock', { advanceMs: STEP_MS })
      expect(await outcome(await asks(neighbour, psid))).toMatchObject({ state: 'sent' })
    }
    // Each time a look is due, one call goes first, to see; none of them is heard.
    const sumOf = (seen: typeof tries) => seen.reduce((sum, [count = 0]) => sum + count, 0)
    const looked = await calls()
    expect(looked.map(([, received]) => received)).toEqual(people.map(() => 0))
    expect(sumOf(tries)).toBeLessThanOrEqual(WAITING)
    expect(sumOf(looked) - sumOf(tries)).toBeLessThanOrEqual(STEPS)

    // It lifts the block, and now its webhook says so.
    await happens({ kind: 'policy-enforcement', action: 'unblock' })
    for (const asked of waiting) expect(await outcome(asked)).toMatchObject({ state: 'sent' })
    expect(await calls()).toEqual(looked.map(([count = 0]) => [count + 1, 1]))
  })

  test('paused by the command line waits, and goes on when it is resumed', async () => {
    const { psid, token } = await consents(page)
    expect(await otn(home, ['pages', 'pause', page])).toMatchObject({ code: 0 })
    const asked = await asks(page, psid)
    await untilWaiting([asked.commandId], 'page-paused')
    expect((await truth(stack, token)).tokens[0]?.calls).toBe(0)
    expect(await otn(home, ['pages', 'resume', page])).toMatchObject({ code: 0 })
    expect(await outcome(asked)).toMatchObject({ state: 'sent' })
  })

  test('a thread that another app took is waited for, and used when it comes back [S1-08]', async () => {
    const { psid, token } = await consents(page)
    const owners = { previousOwnerAppId: null, newOwnerAppId: INBOX }
    await happens({ kind: 'take-thread-control', ...owners }, psid)
    const person = { items: [{ pageId: page, psid }] }
    const owner = async () => {
      const asked = { method: 'POST', key: stack.apiKey, body: person } as const
      const { body } = await call(`${stack.ledgerUrl}/v1/candidates`, asked)
      return (body.items as readonly Json[])[0]?.threadOwner
    }
    const isFolded = (id: unknown) => async () => (await owner()) === id
    await waitFor(isFolded(INBOX), { timeoutMs: 60_000, describe: 'the new owner' })
    const asked = await asks(page, psid)
    await untilWaiting([asked.commandId], 'thread-owned-elsewhere')
    expect((await truth(stack, token)).tokens[0]?.calls).toBe(0)
    const back = { previousOwnerAppId: INBOX, newOwnerAppId: stack.appId }
    await happens({ kind: 'pass-thread-control', ...back }, psid)
    await waitFor(isFolded(stack.appId), { timeoutMs: 60_000, describe: 'us to own it' })
    await simulate('/clock', { advanceMs: HOUR_MS })
    expect(await outcome(asked)).toMatchObject({ state: 'sent' })
  })

  test('and the auditor, who reads the log alone, finds no broken promise [D-05]', async () => {
    expect((await auditOf(stack)).findings).toEqual([])
  })
})
