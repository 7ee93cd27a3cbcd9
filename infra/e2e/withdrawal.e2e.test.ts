import { randomUUID } from 'node:crypto'
import { waitFor } from '@otn/engines'
import { describe, expect, inject, test } from 'vitest'
import { otn } from './src/otn.ts'
import { identityOf, notifierOf, readLog, tellPage, truth, untilTokenState } from './src/system.ts'
import { tap as tapOn } from './src/tap.ts'

const stack = inject('stack')
const home = inject('stackHome')
const page = stack.pages[0]?.pageId ?? ''
const identity = identityOf(stack)
const TOPIC = 'restock-1234'
const tap = () => tapOn(stack, { page, topic: TOPIC })

/** Why a command waited or failed, in the order of the log. */
async function reasonsOf(commandId: string): Promise<readonly unknown[]> {
  const facts = (await readLog(stack, ['notification'])).map(({ value }) => value)
  return facts.flatMap((fact) =>
    'commandId' in fact && fact.commandId === commandId && 'reason' in fact ? [fact.reason] : [],
  )
}

describe('consent that was withdrawn', () => {
  test('[S0-02] by the command line: nothing is sent, and the reason says so', async () => {
    const { psid, token } = await tap()
    const id = identity.token(page, token)
    await untilTokenState(stack, id, 'live')
    const args = ['consent', 'withdraw', '--page', page, '--psid', psid, '--json']
    const withdrawn = await otn(home, args)
    expect(withdrawn).toMatchObject({ code: 0 })
    await untilTokenState(stack, id, 'withdrawn')
    await using notifier = await notifierOf(stack)
    const to = { psid, topic: TOPIC }
    const { commandId } = await notifier.notify({ pageId: page, to, text: 'back in stock' })
    const outcome = await notifier.outcome(commandId, { pageId: page, waitMs: 60_000 })
    expect(outcome).toMatchObject({ state: 'failed', reason: 'token-withdrawn' })
    const seen = await truth(stack, token)
    expect([seen.deliveries, seen.tokens[0]?.calls]).toEqual([[], 0])
    const list = ['token', 'list', '--page', page, '--psid', psid, '--state', 'withdrawn', '--json']
    expect(JSON.parse((await otn(home, list)).out).items).toMatchObject([{ tokenId: id }])
  })

  test('[S0-02] while a command waits stops that too; what is granted afterwards holds', async () => {
    const { psid, token } = await tap()
    const id = identity.token(page, token)
    await untilTokenState(stack, id, 'live')
    await using notifier = await notifierOf(stack)
    const ask = async () => {
      const idempotencyKey = `waits-${randomUUID()}`
      const to = { psid, topic: TOPIC }
      return notifier.notify({ pageId: page, to, text: 'back in stock', idempotencyKey })
    }
    await tellPage(stack, { type: 'PagePaused', pageId: page })
    const waiting = await ask()
    const isWaiting = async () => (await reasonsOf(waiting.commandId)).includes('page-paused')
    await waitFor(isWaiting, { timeoutMs: 60_000, describe: 'the command to wait' })
    await notifier.withdraw({ pageId: page, consent: { person: identity.person(page, psid) } })
    await untilTokenState(stack, id, 'withdrawn')
    await tellPage(stack, { type: 'PageResumed', pageId: page })
    const outcome = await notifier.outcome(waiting, { waitMs: 60_000 })
    expect(outcome).toMatchObject({ state: 'failed', reason: 'token-withdrawn' })
    expect((await truth(stack, token)).tokens[0]?.calls).toBe(0)

    const again = await tapOn(stack, { page, topic: TOPIC, psid })
    await untilTokenState(stack, identity.token(page, again.token), 'live')
    expect(await notifier.outcome(await ask(), { waitMs: 60_000 })).toMatchObject({ state: 'sent' })
  })
})
