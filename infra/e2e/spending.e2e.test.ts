import { randomInt, randomUUID } from 'node:crypto'
import { waitFor } from '@otn/engines'
import { describe, expect, inject, test } from 'vitest'
import { auditOf } from './src/audit.ts'
import { call, identityOf, notifierOf, readLog, truth, untilTokenState } from './src/system.ts'
import { tap as tapOn } from './src/tap.ts'
import { postOptIn } from './src/webhook.ts'

const stack = inject('stack')
const page = stack.pages[0]?.pageId ?? ''
const identity = identityOf(stack)
const TOPIC = 'restock-1234'

const tap = () => tapOn(stack, { page, topic: TOPIC })

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

describe('spending', () => {
  test('[S0-04] [S1-25] fifty commands for one token: one call, one message, 49 told why not', async () => {
    const { psid, token } = await tap()
    const id = identity.token(page, token)
    await untilTokenState(stack, id, 'live')
    await using notifier = await notifierOf(stack)
    const commands = Array.from({ length: 50 }, (_, at) => `fifty-${at}-${randomUUID()}`)
    const to = (at: number) =>
      at % 2 === 0 ? { psid, topic: TOPIC } : { tokenId: id, topic: TOPIC }
    await Promise.all(
      commands.map((idempotencyKey, at) =>
        notifier.notify({ pageId: page, to: to(at), text: 'back in stock', idempotencyKey }),
      ),
    )
    const outcomes = await Promise.all(
      commands.map((command) => notifier.outcome(command, { pageId: page, waitMs: 60_000 })),
    )
    const sent = outcomes.filter(({ state }) => state === 'sent')
    const reasons = outcomes.flatMap((outcome) =>
      outcome.state === 'failed' ? [outcome.reason] : [],
    )
    expect([sent.length, reasons.length]).toEqual([1, 49])
    expect(['token-held', 'token-spent']).toEqual(expect.arrayContaining([...new Set(reasons)]))
    const seen = await truth(stack, token)
    expect([seen.deliveries.length, seen.tokens[0]?.calls]).toEqual([1, 1])
    await untilTokenState(stack, id, 'redeemed')
  })

  test('a command published right after its opt-in’s 200 succeeds, a thousand times in a thousand', async () => {
    await using notifier = await notifierOf(stack)
    const failures: unknown[] = []
    let sent = 0
    await inParallel(
      Array.from({ length: 1_000 }, (_, at) => at),
      25,
      async () => {
        const { psid } = await tap()
        const { commandId } = await notifier.notify({
          pageId: page,
          to: { psid, topic: TOPIC },
          text: 'The blue jacket is back.',
        })
        const outcome = await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })
        if (outcome.state === 'sent') sent += 1
        else failures.push(outcome)
      },
    )
    expect([sent, failures]).toEqual([1_000, []])
  })

  test('[S0-02] without consent nothing goes out, and the reason says so', async () => {
    await using notifier = await notifierOf(stack)
    const before = (await truth(stack)).callCount
    const psid = String(randomInt(10 ** 12, 10 ** 13))
    const { commandId } = await notifier.notify({
      pageId: page,
      to: { psid, topic: TOPIC },
      text: 'x',
    })
    const outcome = await notifier.outcome(commandId, { pageId: page, waitMs: 30_000 })
    expect(outcome).toMatchObject({ state: 'failed', reason: 'no-live-token' })
    expect((await truth(stack)).callCount).toBe(before)
  })

  test('[S1-17] a topic the person did not agree to is refused before any call', async () => {
    const { token } = await tap()
    const id = identity.token(page, token)
    await untilTokenState(stack, id, 'live')
    await using notifier = await notifierOf(stack)
    const { commandId } = await notifier.notify({
      pageId: page,
      to: { tokenId: id, topic: 'price-drop' },
      text: 'x',
    })
    const outcome = await notifier.outcome(commandId, { pageId: page, waitMs: 30_000 })
    expect(outcome).toMatchObject({ state: 'failed', reason: 'topic-mismatch' })
    expect((await truth(stack, token)).tokens[0]?.calls).toBe(0)
  })

  test('a token the platform never issued is refused there, released here, and told', async () => {
    const optIn = {
      pageId: page,
      psid: String(randomInt(10 ** 12, 10 ** 13)),
      token: `99${randomInt(10 ** 12)}`,
      payload: `otn1:${TOPIC}:`,
    }
    expect((await postOptIn(stack, optIn)).status).toBe(200)
    await using notifier = await notifierOf(stack)
    const to = { psid: optIn.psid, topic: TOPIC }
    const { commandId } = await notifier.notify({ pageId: page, to, text: 'x' })
    const outcome = await notifier.outcome(commandId, { pageId: page, waitMs: 30_000 })
    expect(outcome).toMatchObject({ state: 'failed', tokenReleased: true })
  })

  test('[S1-28] a token that another app spent is dead once it was refused twice, and an alarm says so', async () => {
    const { psid, token } = await tap()
    const id = identity.token(page, token)
    await untilTokenState(stack, id, 'live')
    const body = { pageId: page, token, message: { text: 'from another app' } }
    const spent = await call(`${stack.simulatorUrl}/_sim/send`, { method: 'POST', body })
    expect(spent.status).toBeLessThan(300)
    await using notifier = await notifierOf(stack)
    const refusals = async () => {
      const asked = { items: [{ pageId: page, tokenId: id }] }
      const how = { method: 'POST', key: stack.apiKey, body: asked } as const
      const { body: answer } = await call(`${stack.ledgerUrl}/v1/candidates`, how)
      const [item] = answer.items as readonly { readonly tokens: readonly { refusals: number }[] }[]
      return item?.tokens[0]?.refusals
    }
    for (const count of [1, 2]) {
      const to = { psid, topic: TOPIC }
      const idempotencyKey = `elsewhere-${randomUUID()}`
      const asked = await notifier.notify({ pageId: page, to, text: 'back', idempotencyKey })
      const failed = { state: 'failed', reason: 'token-rejected' }
      expect(await notifier.outcome(asked, { waitMs: 60_000 })).toMatchObject(failed)
      const isFolded = async () => (await refusals()) === count
      await waitFor(isFolded, { timeoutMs: 60_000, describe: `${count} refusals` })
    }
    await untilTokenState(stack, id, 'rejected')
    const alarms = (await readLog(stack, ['alarm'])).map(({ value }) => value)
    expect(alarms.filter((alarm) => 'subject' in alarm && alarm.subject === `token ${id}`)).toEqual(
      [expect.objectContaining({ type: 'AlarmRaised', alarm: 'token-spent-elsewhere' })],
    )
    expect((await truth(stack, token)).deliveries).toHaveLength(1)
  })

  test('[D-05] [U20] and the auditor, who reads the log alone, finds no broken promise in all of it', async () => {
    const { commands, findings } = await auditOf(stack)
    expect(commands).toBeGreaterThan(1_000)
    expect(findings).toEqual([])
  })
})
